"""Calls one command and turns what happens into its exit code and its one document."""

from __future__ import annotations

from servec.cli.commands import COMMANDS, module_name
from servec.cli.common import add_common
from servec.cli.console import Console
from servec.cli.errors import BUG, USAGE, Stop, UsageError
from servec.cli.quick import NotPlain, Quick

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

GLOBAL_WITH_VALUE = ("--format", "--color")


def call(words: list[str], top_help: Callable[[], str]) -> int:
    """Run the command that `words` names; the exit code of `servec`."""
    console = Console(format=_asked_format(words))
    module: Any = None
    name = ""
    try:
        name, rest = _split(words)
        module = __import__(module_name(name), fromlist=[name])
        code = _run(name, module, rest, console)
    except Stop as stop:
        code = _early(stop, name, module, console, top_help if not words else None)
    except BrokenPipeError:
        code = 0
    except Exception as error:
        code = _bug(error, words, module, console)
    return code if console.flush() else USAGE


def _run(name: str, module: Any, words: list[str], console: Console) -> int:
    before = words[: words.index("--")] if "--" in words else words
    if "--version" in before:
        from servec import __version__

        console.out(f"servec {__version__}\n")
        return 0
    if "--help" in before or "-h" in before:
        from servec.cli.options import parser_of

        console.out(parser_of(name, module).format_help())
        return 0
    args = _parsed(name, module, words)
    console.adopt(args.format, args.color, args.quiet, args.verbose)
    code: int = module.run(args, console)
    return code


def _parsed(name: str, module: Any, words: list[str]) -> Any:
    """The arguments: read quickly where that is plain, else by argparse."""
    rest: list[str] = []
    if getattr(module, "REST", False) and "--" in words:
        at = words.index("--")
        words, rest = words[:at], words[at + 1 :]
    quick = Quick()
    try:
        module.register(quick)
        add_common(quick, module.FORMATS)
        args = quick.parse(words)
    except NotPlain:
        from servec.cli.options import parse

        args = parse(name, module, words)
    args.rest = rest
    return args


def _split(words: list[str]) -> tuple[str, list[str]]:
    """The command's name and its words; options that stand before the name go behind it."""
    ahead: list[str] = []
    at = 0
    while at < len(words) and words[at].startswith("-") and words[at] not in ("-", "--"):
        step = 2 if words[at] in GLOBAL_WITH_VALUE else 1
        ahead += words[at : at + step]
        at += step
    if at >= len(words):
        raise UsageError("no command given; `servec --help` lists them")
    name, rest = words[at], words[at + 1 :]
    if name == "help" and rest and rest[0] in COMMANDS:
        return rest[0], ["--help"]
    if name not in COMMANDS:
        raise UsageError(f"there is no command {name!r}{_near(name)}; `servec --help` lists them")
    return name, ahead + rest


def _near(name: str) -> str:
    from difflib import get_close_matches

    found = get_close_matches(name, COMMANDS, n=1)
    return f", did you mean {found[0]!r}?" if found else ""


def _asked_format(words: list[str]) -> str:
    """The format that was asked for, before the words are parsed: errors need it too."""
    for at, word in enumerate(words):
        if word == "--":
            break
        if word.startswith("--format="):
            return word[len("--format=") :]
        if word == "--format" and at + 1 < len(words):
            return words[at + 1]
    return "text"


def _early(
    stop: Stop, name: str, module: Any, console: Console, top_help: Callable[[], str] | None
) -> int:
    console.drop()
    if top_help:
        console.must(top_help())
        return USAGE
    text = str(stop)
    console.must(f"servec{' ' + name if name else ''}: {text}\n")
    _document(text, module, console)
    return stop.code


def _document(text: str, module: Any, console: Console) -> None:
    """What stands on stdout for a machine that asked for a document and gets none."""
    if console.format == "json":
        from servec.cli.documents.empty import empty_document

        console.json({**empty_document(getattr(module, "EMPTY", "servec.error/1")), "error": text})
    elif console.format == "sarif" and "sarif" in getattr(module, "FORMATS", ()):
        from servec.cli.render.sarif import failed_sarif

        console.json(failed_sarif(text))


def _bug(error: Exception, words: list[str], module: Any, console: Console) -> int:
    from servec.cli.crash import report_bug

    line = report_bug(error, ["servec", *words])
    console.drop()
    console.must(f"servec: {line}\n")
    _document(line, module, console)
    return BUG
