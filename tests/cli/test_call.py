"""What every command has in common, on a command made for the test."""

from __future__ import annotations

import json
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

from servec import __version__
from servec.cli import commands
from servec.cli.errors import MissingTool, UsageError
from servec.cli.main import main

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Callable
    from pathlib import Path

    from servec.cli.console import Console

    Run = Callable[[Namespace, Console], int]


@pytest.fixture
def echo(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A command `echo`: `run` may be replaced; it prints its words as data."""
    module: Any = ModuleType("servec.cli.commands.echo")
    module.__doc__ = "Print words."
    module.USAGE = "WORD..."
    module.EXAMPLE = "$ servec echo a b"
    module.FORMATS = ("text", "json", "sarif")
    module.EMPTY = {"schema": "servec.echo/1", "words": []}

    def register(parser: ArgumentParser) -> None:
        parser.add_argument("word", nargs="*")
        parser.add_argument("--loud", action="store_true")
        parser.add_argument("--times", type=int, default=1)

    def run(args: Namespace, console: Console) -> int:
        if console.format == "json":
            console.json({"schema": "servec.echo/1", "words": args.word})
        else:
            console.out(" ".join(args.word) + "\n")
        console.err("a hint\n")
        return 0

    module.register, module.run = register, run
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setitem(commands.COMMANDS, "echo", "print words")
    return module


def failing(error: BaseException) -> Run:
    def run(_args: Namespace, console: Console) -> int:
        console.out("half a document")
        raise error

    return run


def test_options_stand_anywhere(echo: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["echo", "a", "--loud", "b", "--times", "2", "c"]) == 0
    assert capsys.readouterr().out == "a b c\n"
    assert main(["--format", "json", "-q", "echo", "a"]) == 0
    shown = capsys.readouterr()
    assert json.loads(shown.out)["words"] == ["a"]
    assert shown.err == ""


def test_version_and_help_of_servec(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"servec {__version__}\n"
    assert main(["--help"]) == 0
    text = capsys.readouterr().out
    assert "exit codes:" in text
    for name in commands.COMMANDS:
        assert f"\n  {name} " in text


def test_no_command_prints_help_on_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    shown = capsys.readouterr()
    assert shown.out == "" and "usage:" in shown.err


@pytest.mark.parametrize("name", [*commands.COMMANDS])
def test_every_command_has_help_with_an_example(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([name, "--help"]) == 0
    text = capsys.readouterr().out
    assert f"$ servec {name}" in text and "--format" in text and "--color" in text
    assert main([name, "--version"]) == 0
    assert capsys.readouterr().out == f"servec {__version__}\n"
    assert main(["help", name]) == 0
    assert capsys.readouterr().out == text


@pytest.mark.parametrize("name", [*commands.COMMANDS])
def test_every_example_parses(name: str) -> None:
    import shlex
    from importlib import import_module

    from servec.cli.call import _parsed

    module = import_module(commands.module_name(name))
    lines = [line for line in module.EXAMPLE.strip().splitlines() if line.startswith("$ servec")]
    assert lines
    for line in lines:
        words = shlex.split(line.removeprefix("$ servec "), comments=True)
        assert words[0] in commands.COMMANDS
        stop = next((at for at, w in enumerate(words) if w in ("<", ">", "|")), len(words))
        _parsed(name, module, words[1:stop])


@pytest.mark.parametrize("name", [*commands.COMMANDS])
def test_wrong_usage_of_every_command_is_one_json_document(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([name, "--no-such-option", "--format", "json"]) == 2
    document = json.loads(capsys.readouterr().out)
    assert document["schema"].startswith("servec.")
    assert document["error"]
    assert all(not value for key, value in document.items() if key not in ("schema", "error"))


@pytest.mark.parametrize(
    "words",
    [
        ["echo", "--nope"],
        ["echo", "--times", "many"],
        ["echo", "--times"],
        ["echo", "--format", "xml"],
        ["echo", "--color", "pink"],
        ["ecko"],
        ["--format", "json"],
        ["--nope", "echo"],
    ],
)
def test_wrong_usage_is_one_line_and_exit_2(
    echo: Any, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == 2
    shown = capsys.readouterr()
    assert shown.err.startswith("servec") and shown.err.count("\n") == 1
    assert "Traceback" not in shown.err


def test_wrong_usage_with_json_is_the_commands_document(
    echo: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["echo", "--nope", "--format=json"]) == 2
    document = json.loads(capsys.readouterr().out)
    assert document.pop("error") and document == {"schema": "servec.echo/1", "words": []}
    assert main(["nope", "--format", "json"]) == 2
    assert json.loads(capsys.readouterr().out)["schema"] == "servec.error/1"


def test_a_name_that_is_nearly_a_command(echo: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ehco"]) == 2
    assert "did you mean 'echo'?" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "code"), [(UsageError("no such file"), 2), (MissingTool("no bash"), 3)]
)
def test_early_ends_leave_no_half_document(
    echo: Any, error: Exception, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    echo.run = failing(error)
    assert main(["echo"]) == code
    assert capsys.readouterr() == ("", f"servec echo: {error}\n")
    assert main(["echo", "--format", "json"]) == code
    assert json.loads(capsys.readouterr().out)["error"] == str(error)
    assert main(["echo", "--format", "sarif"]) == code
    log = json.loads(capsys.readouterr().out)
    assert log["runs"][0]["invocations"][0]["executionSuccessful"] is False


def test_a_bug_is_one_line_and_a_report(
    echo: Any,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SECRET_TOKEN", "hunter2")
    echo.run = failing(ZeroDivisionError("by\nzero"))
    assert main(["echo", "x"]) == 70
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith("servec: error[SRV901]: a bug in servec: ")
    assert shown.err.count("\n") == 1
    (report,) = tmp_path.iterdir()
    assert report.name in shown.err
    text = report.read_text()
    assert "Traceback" in text and "'x'" in text and "hunter2" not in text
    assert main(["echo", "x", "--format", "json"]) == 70
    assert "SRV901" in json.loads(capsys.readouterr().out)["error"]


def test_ctrl_c_ends_without_a_traceback(echo: Any, capsys: pytest.CaptureFixture[str]) -> None:
    echo.run = failing(KeyboardInterrupt())
    assert main(["echo"]) == 130
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize("word", ["-o", "--outdir", "--ouT=x"])
def test_an_option_not_known_names_the_one_that_was_meant(
    word: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compile", "a.srv", word]) == 2
    assert "did you mean `--out`?" in capsys.readouterr().err
