"""The tables of programs: each runtime's own, told apart, with a source."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from servec.targets import TARGETS
from servec.targets.shared.importing.programs import listed as programs
from servec.targets.shared.importing.programs.companions import companion
from servec.targets.shared.importing.programs.program import command
from servec.targets.shared.table import FOLDER

NAMES = {target.name for target in TARGETS}


def test_tables_are_of_targets_and_have_a_source() -> None:
    assert set(programs.starts()) <= NAMES
    for name in programs.starts():
        table = json.loads(Path(FOLDER, name, "programs.json").read_text(encoding="utf-8"))
        assert table["source"]


@pytest.mark.parametrize(
    ("runtime", "form"),
    [(runtime, form) for runtime, forms in programs.starts().items() for form in forms],
)
def test_a_program_starts_its_own_runtime(runtime: str, form: tuple[str, ...]) -> None:
    words = ("python3", *form) if form[0] == "-m" else form
    assert command([*words, "--port", "1"]).runtime == runtime


def test_what_serves_nothing_is_no_launch_and_is_told() -> None:
    for other in programs.others():
        words = ("python3", *other.words) if other.words[0] == "-m" else other.words
        assert command(list(words)).runtime == ""
        assert other.does in companion(words)


def test_a_front_is_judged_by_its_target() -> None:
    for target in TARGETS:
        if target.name in programs.fronts():
            assert hasattr(target, "front_troubles")
            assert command(list(programs.fronts()[target.name])).runtime == ""
