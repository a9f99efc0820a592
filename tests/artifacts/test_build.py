"""`build.sh`: each step once, whole or not at all."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

from servec.compiler.target import Step
from servec.dsl.record import replace
from servec.targets.shared.artifacts.build import build_script
from servec.targets.shared.artifacts.forms import artifacts
from tests.artifacts.subjects import subject

if TYPE_CHECKING:
    from pathlib import Path

# `make OUT TEXT` writes a file, or half of one and dies where FAIL names the text.
TOOL = """#!/bin/sh
printf '%s ' "$@" >> log
printf '%.1s' "$2" > "$1"
[ "$2" = "${FAIL:-}" ] && exit 9
printf '%s' "$2" > "$1"
"""
STEPS = (
    Step("one", "convert", ("make", "models/a b", "first"), makes=("models/a b",)),
    Step("two", "quantize", ("make", "models/$(touch pwned)", "${SERVEC_TEXT}"),
         env={"SERVEC_TEXT": "second"}, makes=("models/$(touch pwned)",), needs=("models/a b",)),
)  # fmt: skip


def run(where: Path, **env: str) -> int:
    made = subject()
    made = replace(made, launch=replace(made.launch, steps=STEPS))
    tool = where / "bin" / "make"
    if not tool.exists():
        tool.parent.mkdir()
        tool.write_text(TOOL)
        tool.chmod(0o755)
    (where / "build.sh").write_text(build_script(made).text)
    path = f"{tool.parent}:{os.environ.get('PATH', '/usr/bin:/bin')}"
    done = subprocess.run(
        ["bash", "build.sh"], cwd=where, env={"PATH": path, **env}, capture_output=True, check=False
    )
    return done.returncode


def test_each_step_runs_once(tmp_path: Path) -> None:
    assert run(tmp_path) == 0
    log = (tmp_path / "log").read_text()
    assert log == "models/a b.part first models/$(touch pwned).part second "
    assert (tmp_path / "models" / "a b").read_text() == "first"
    assert (tmp_path / "models" / "$(touch pwned)").read_text() == "second"
    assert run(tmp_path) == 0
    assert (tmp_path / "log").read_text() == log


def test_a_step_that_dies_leaves_nothing_that_counts(tmp_path: Path) -> None:
    assert run(tmp_path, FAIL="second") == 9
    names = sorted(path.name for path in (tmp_path / "models").iterdir())
    assert names == ["$(touch pwned).part", "a b"]
    assert run(tmp_path) == 0
    assert (tmp_path / "models" / "$(touch pwned)").read_text() == "second"
    assert (tmp_path / "log").read_text().count("first") == 1


def test_only_a_launch_with_steps_has_the_script() -> None:
    made = subject()
    assert "build.sh" not in [artifact.path for artifact in artifacts(made)]
    made = replace(made, launch=replace(made.launch, steps=STEPS))
    (script,) = (a for a in artifacts(made) if a.path == "build.sh")
    assert script.kind == "build" and script.executable
    shell = next(a.text for a in artifacts(made) if a.path == "launch.sh")
    assert "build.sh" in shell
