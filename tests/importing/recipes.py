"""Launches that people publish: each with its source, and the spec it is read as.

`python -m tests.importing.recipes` writes the specs anew; the change is reviewed like code.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from servec.cli.imported import readers_of, target_of
from servec.targets.shared.importing.compiled import import_command
from servec.targets.shared.importing.programs.program import command
from servec.targets.shared.importing.read import Wish
from servec.targets.shared.table import versions

if TYPE_CHECKING:
    from servec.targets.shared.importing.compiled import Outcome

FOLDER = Path(__file__).parent / "cases"
NAMES = sorted(path.stem for path in FOLDER.glob("*.json"))


def case(name: str) -> dict[str, Any]:
    """The launch of a recipe: `argv`, `env`, `files` and `source`."""
    found: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text())
    return found


def spec(name: str) -> str:
    """The spec that it is read as."""
    return (FOLDER / f"{name}.srv").read_text()


def read(argv: list[str], env: dict[str, str] | None = None, **wish: Any) -> Outcome:
    """What a command is read as, by the newest table of its runtime unless `version` says."""
    found = command(argv, env)
    version = wish.pop("version", versions(found.runtime)[-1])
    readers, target = readers_of(found.runtime), target_of(found.runtime)
    return import_command(
        Wish(found.runtime, version, **wish), found.words, found.env, readers, target
    )


def outcome(name: str) -> Outcome:
    """What a recipe is read as."""
    held = case(name)
    return read(held["argv"], held.get("env"), files=held.get("files", {}))


if __name__ == "__main__":
    for each in NAMES:
        (FOLDER / f"{each}.srv").write_text(outcome(each).imported.text)
