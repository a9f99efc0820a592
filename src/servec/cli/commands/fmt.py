"""Rewrite specs in the one canonical style.

Comments are kept, the meaning and the digest never change, and formatting twice changes nothing.
A file with a syntax error is left as it is.
"""

from __future__ import annotations

from servec.cli.given import given
from servec.cli.report import exit_code, report
from servec.cli.sources import STDIN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Sequence

    from servec.cli.console import Console
    from servec.cli.sources import DiskSources
    from servec.dsl.diagnostic import Diagnostic

USAGE = "SPEC... [--check] [--diff]"
EXAMPLE = """
$ servec fmt specs/*.srv             # rewrites them in place
$ servec fmt --check specs/*.srv     # exit 1 and their names if any would change
$ servec fmt - < chat.srv            # the formatted text on stdout
"""
FORMATS = ("text", "json", "sarif", "github")
EMPTY = "servec.fmt/1"


def register(parser: ArgumentParser) -> None:
    """The arguments of `fmt`."""
    parser.add_argument(
        "spec", nargs="+", metavar="SPEC", help="a .srv file, a folder of them, or `-`"
    )
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 on a change")
    parser.add_argument("--diff", action="store_true", help="as --check, and print the changes")


def run(args: Namespace, console: Console) -> int:
    """Format, write or compare, and report syntax errors."""
    sources, names = given(args.spec)
    diagnostics: list[Diagnostic] = []
    changed: dict[str, str] = {}
    for name in names:
        text, found = _formatted(name, sources.read(name) or b"")
        diagnostics += found
        if text is not None:
            changed[name] = text
    dry = args.check or args.diff
    if not dry:
        _write(changed, sources, console)
    moved = [name for name in changed if changed[name].encode() != sources.read(name)]
    if args.diff and console.format == "text":
        _diff(moved, changed, sources, console)
    report(console, diagnostics, sources, names)
    if console.format == "json":
        _json(diagnostics, changed, moved, sources, console)
    elif console.format == "text":
        _say(moved, list(changed), dry, console)
    return exit_code(diagnostics) or int(dry and bool(moved))


def _formatted(name: str, data: bytes) -> tuple[str | None, Sequence[Diagnostic]]:
    """The canonical text of a file, or None and its syntax errors."""
    from servec.api import format
    from servec.dsl.parse import parse

    found = parse(name, data).diagnostics
    if exit_code(found):
        return None, found
    return format(data.decode("utf-8-sig")), found


def _write(changed: dict[str, str], sources: DiskSources, console: Console) -> None:
    from servec.cli.replace import replace_file

    for name, text in changed.items():
        if name == STDIN:
            if console.format == "text":
                console.out(text)
        elif text.encode() != sources.read(name):
            replace_file(name, text.encode())


def _diff(
    moved: list[str], changed: dict[str, str], sources: DiskSources, console: Console
) -> None:
    from servec.cli.render.diff import render_text_diff

    for name in moved:
        old = (sources.read(name) or b"").decode("utf-8", "replace")
        console.out(render_text_diff(name, old, changed[name], console.color))


def _json(
    diagnostics: list[Diagnostic],
    changed: dict[str, str],
    moved: list[str],
    sources: DiskSources,
    console: Console,
) -> None:
    from servec.cli.documents.small import FmtDocument, FmtFileDocument
    from servec.cli.render.json import json_diagnostics

    files = tuple(
        FmtFileDocument(name, name in moved, text if name == STDIN else "")
        for name, text in changed.items()
    )
    shown = json_diagnostics(diagnostics, sources.read)
    console.json(FmtDocument(files=files, diagnostics=shown))


def _say(moved: list[str], good: list[str], dry: bool, console: Console) -> None:
    from servec.cli.render.summary import count

    for name in moved:
        if name != STDIN or dry:
            console.err(f"{'would reformat' if dry else 'reformatted'} {name}\n")
    if good and not moved and STDIN not in good:
        console.err(f"{count(len(good), 'file')} already formatted\n")
