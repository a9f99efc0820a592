"""The README is true: its picture is real output, its commands exist, its example compiles."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

import servec
from servec.cli.commands import COMMANDS
from servec.cli.main import main
from tests.golden import golden

if TYPE_CHECKING:
    import pytest
    from syrupy.assertion import SnapshotAssertion

__all__ = ["golden"]

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def screen(capsys: pytest.CaptureFixture[str], *args: str) -> str:
    main([*args, "--color", "always"])
    out, err = capsys.readouterr()
    return out + err


def test_the_picture_is_real_output(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, golden: SnapshotAssertion
) -> None:
    monkeypatch.chdir(ROOT)
    console = Console(
        record=True, width=150, file=io.StringIO(), force_terminal=True, legacy_windows=False
    )
    for args in (("check", "tests/errors/SRV403.srv"), ("plan", "specs/qwen3-moe.srv")):
        console.print(Text(f"$ servec {' '.join(args)}", style="bold"))
        console.print(Text.from_ansi(screen(capsys, *args).rstrip() + "\n"), soft_wrap=True)
    picture = console.export_svg(title="servec", unique_id="servec")
    assert picture == golden(name="readme/servec.svg")


def test_every_command_it_names_exists() -> None:
    shown = "\n".join(re.findall(r"```sh\n(.*?)```", README, re.DOTALL))
    shown += "\n".join(re.findall(r"`(servec [^`]*)`", README))
    named = set(re.findall(r"servec ([a-z]+)", shown))
    assert {"check", "compile", "plan", "explain"} <= named
    assert named <= {*COMMANDS}, sorted(named - {*COMMANDS})


def test_its_example_compiles() -> None:
    text = next(b for b in re.findall(r"```text\n(.*?)```", README, re.S) if "servec 1" in b)
    found = servec.check({"readme.srv": text})
    assert [item for item in found.diagnostics if item.severity == "error"] == []
