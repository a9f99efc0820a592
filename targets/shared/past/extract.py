"""Makes `targets/<name>/past.json` from unpacked releases.

`python -m servec.targets.shared.past.extract vllm FOLDER` where `FOLDER/<version>/` holds the
package of each release; they come from the package index, and nothing of them is run.
"""

from __future__ import annotations

import importlib
import json
import os
import sys

from servec.compiler.options.versions import order
from servec.targets.shared.past.spans import span
from servec.targets.shared.table import FOLDER, load_table, versions

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

ABOUT = "Releases older than the tables, read from their source by targets/shared/past, not typed."


def past(runtime: str, folder: str) -> dict[str, Any]:
    """The document of a runtime out of the releases that lie in `folder`."""
    module = importlib.import_module(f"servec.targets.{runtime}.source")
    names = sorted(os.listdir(folder), key=order)
    found = [module.release(os.path.join(folder, name)) for name in names]
    table = load_table(runtime, versions(runtime)[0])
    rows = [_by_flag(release["rows"]) for release in found]
    flags = sorted({flag for each in rows for flag in each})
    return {
        "about": ABOUT,
        "runtime": runtime,
        "versions": names,
        "syntax": module.SYNTAX,
        **getattr(module, "STANDING", {}),
        "flags": {flag: _flag(flag, rows, names, table.flag(flag) is None) for flag in flags},
        "sets": {
            kind: _members(_told([release["sets"].get(kind) for release in found]), names)
            for kind in found[-1]["sets"]
        },
        "least": _numbers([release.get("least", {}) for release in found], names),
        "dtypes": _numbers([release.get("dtypes", {}) for release in found], names),
    }


def _by_flag(rows: Sequence[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    return {flag: row for row in rows for flag in row["flags"]}


def _flag(
    flag: str, rows: Sequence[Mapping[str, Any]], names: Sequence[str], gone: bool
) -> list[Any]:
    """`[span]`, and behind it by stretch what the flag took: type, arity where told, choices."""
    there = span([flag in each for each in rows], names)
    took = _changes([_took(each.get(flag), gone) for each in rows], names)
    return [there, *took]


def _took(row: Mapping[str, Any] | None, gone: bool) -> Any:
    if row is None:
        return None
    kept = {"type": row.get("type", "str")}
    if "arity" in row and (gone or row["arity"].isdigit()):
        kept["arity"] = row["arity"]
    if "choices" in row:
        kept["choices"] = [choice for choice in row["choices"] if choice is not None]
    return {name: held for name, held in kept.items() if (name, held) != ("type", "str")} or None


def _changes(held: Sequence[Any], names: Sequence[str]) -> list[list[Any]]:
    """Each value that is held with its stretch, in the order of first use."""
    made: list[list[Any]] = []
    for value in held:
        if value is not None and all(known != value for _, known in made):
            made.append([span([item == value for item in held], names), value])
    return made


def _told(held: Sequence[Sequence[str] | None]) -> list[Sequence[str]]:
    """The members by release; of one that does not tell them, those of the next that does."""
    later: Sequence[str] = ()
    made: list[Sequence[str]] = []
    for members in reversed(held):
        later = later if members is None else members
        made.append(later)
    return made[::-1]


def _members(held: Sequence[Sequence[str]], names: Sequence[str]) -> dict[str, str]:
    every = sorted({member for members in held for member in members})
    return {member: span([member in members for members in held], names) for member in every}


def _numbers(held: Sequence[Mapping[str, Any]], names: Sequence[str]) -> dict[str, list[list[Any]]]:
    """What each name has, by the stretch in which it has it."""
    every = sorted({name for each in held for name in each})
    return {name: _changes([each.get(name) for each in held], names) for name in every}


def written(document: Mapping[str, Any]) -> str:
    """The document with one entry a line."""
    lines = []
    for name, held in document.items():
        if isinstance(held, dict):
            inner = _lines(held, _inner if name == "sets" else _plain)
            lines.append(f'"{name}": {{\n{inner}\n}}')
        else:
            lines.append(f'"{name}": {_plain(held)}')
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _lines(held: Mapping[str, Any], write: Callable[[Any], str]) -> str:
    return ",\n".join(f'"{name}": {write(value)}' for name, value in held.items())


def _inner(held: Mapping[str, Any]) -> str:
    return "{\n" + _lines(held, _plain) + "\n}"


def _plain(held: Any) -> str:
    return json.dumps(held, ensure_ascii=False)


def main() -> None:
    """Write the file of the runtime named."""
    runtime, folder = sys.argv[1:3]
    text = written(past(runtime, folder))
    with open(os.path.join(FOLDER, runtime, "past.json"), "w", encoding="utf-8") as file:
        file.write(text)


if __name__ == "__main__":
    main()
