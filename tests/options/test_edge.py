"""Commands of llama.cpp and MLX with the verdicts of their real parsers and servers, by version.

`edge_cases.json`: `argv`, the versions that it starts on (`taken`), the hardware where that
decides, files that lie beside it. `edge_changes.json`: options and values that came or went
between two versions, with the versions that take them.
"""

from __future__ import annotations

import contextlib
import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from servec.cli.main import main
from servec.compiler.options.command import command_troubles
from servec.targets.shared.table import load_table, versions

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pytest

HERE = Path(__file__).parent
CASES: list[dict[str, Any]] = json.loads((HERE / "edge_cases.json").read_text())
CHANGES: list[tuple[str, str, str, list[str]]] = json.loads(
    (HERE / "edge_changes.json").read_text()
)


def verdicts(case: dict[str, Any]) -> Iterator[tuple[str, bool, bool]]:
    """Each version with whether servec and the runtime take the command.

    Where every version says the same, the oldest and the newest speak for all.
    """
    known = versions(case["runtime"])
    taken = known if case["taken"] == "all" else case["taken"]
    asked = known if 0 < len(taken) < len(known) else (known[0], known[-1])
    for version in asked:
        hardware = ("--hardware", case["hardware"]) if "hardware" in case else ()
        head = ("import", f"{case['runtime']}@{version}", "--check", *hardware, "--format", "json")
        with contextlib.redirect_stdout(io.StringIO()):
            code = main([*head, "--", *case["argv"]])
        yield version, code == 0, version in taken


def test_every_command_has_the_verdict_of_the_runtime(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    counts: dict[tuple[bool, bool], int] = {}
    wrong = []
    for case in CASES:
        for name in case.get("files", ()):
            (tmp_path / name).touch()
        for version, ours, theirs in verdicts(case):
            counts[theirs, ours] = counts.get((theirs, ours), 0) + 1
            if ours is not theirs:
                wrong.append((version, " ".join(case["argv"]), "taken" if theirs else "refused"))
        for name in case.get("files", ()):
            (tmp_path / name).unlink()
    assert not wrong
    assert counts[True, True] > 150 and counts[False, False] > 70, counts


def test_options_that_came_and_went_are_those_of_their_versions() -> None:
    for runtime, flag, value, have in CHANGES:
        for version in versions(runtime):
            table = load_table(runtime, version)
            found = table.flag(flag)
            words = (flag, value) if value else ()
            taken = found is not None and not command_troubles(table, words)
            assert taken is (version in have), (runtime, version, flag, value)
    assert len(CHANGES) > 140
