"""Parse, resolve, plan and judge specs; writes nothing.

Runs every rule that `compile` runs and reports the same findings.
"""

from __future__ import annotations

from servec.cli.given import given
from servec.cli.progress import busy
from servec.cli.report import exit_code, report

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from servec.api import Checked
    from servec.cli.console import Console
    from servec.cli.documents.check import CheckDocument
    from servec.cli.sources import DiskSources

USAGE = "SPEC... [--fix] [--strict] [--locked]"
EXAMPLE = """
$ servec check specs/qwen3-moe.srv          # exit 0, or 1 and the lines to change
$ servec check specs/*.srv --strict         # warnings count as errors
$ servec check --fix chat.srv               # applies the fixes that cannot change what is served
$ servec check - --format json < chat.srv
"""
FORMATS = ("text", "json", "sarif", "github")
EMPTY = "servec.check/1"


def register(parser: ArgumentParser) -> None:
    """The arguments of `check`."""
    parser.add_argument(
        "spec", nargs="+", metavar="SPEC", help="a .srv file, a folder of them, or `-`"
    )
    parser.add_argument("--target", default="", metavar="TARGET", help="as for compile")
    parser.add_argument("--fix", action="store_true", help="apply the fixes marked safe")
    parser.add_argument("--strict", action="store_true", help="warnings are errors")
    parser.add_argument(
        "--locked",
        action="store_true",
        help="demand pinned revisions and an up-to-date output folder",
    )
    parser.add_argument("--out", default="generated", help="what --locked compares with")


def run(args: Namespace, console: Console) -> int:
    """Check, report, and say whether a spec is in error."""
    from servec.cli.checked import checked

    sources, names = given(args.spec)
    if args.fix:
        from servec.cli.fix import fix_files

        sources = fix_files(sources, names, args.target, console)
    with busy(console, "checking", len(names)):
        found = checked(sources, names, args.target, brief=not args.locked)
    unlocked: tuple[str, ...] = ()
    if args.locked and not found.failed:
        from servec.cli.locked import unlocked_text

        unlocked = unlocked_text(found, args.out)
    report(console, found.diagnostics, sources, names)
    if console.format == "json":
        console.json(_document(found, unlocked, sources))
    elif console.format == "text":
        _say(found, unlocked, names, console)
    return exit_code(found.diagnostics, args.strict) or int(bool(unlocked))


def _document(found: Checked, unlocked: tuple[str, ...], sources: DiskSources) -> CheckDocument:
    from servec.cli.documents.check import CheckDocument

    if not found.diagnostics:
        return CheckDocument(unlocked=unlocked)
    from servec.cli.render.json import json_diagnostics

    shown = json_diagnostics(found.diagnostics, sources.read)
    return CheckDocument(diagnostics=shown, unlocked=unlocked)


def _say(
    found: Checked, unlocked: tuple[str, ...], names: tuple[str, ...], console: Console
) -> None:
    for line in unlocked:
        console.must(f"{line}\n")
    if console.verbose:
        for each in found.result.deployments:
            chosen = each.chosen
            where = f"{chosen.target} {chosen.version}" if chosen else "nothing"
            console.err(f"{each.spec.file}: {each.spec.name} is served by {where}\n")
    if not found.diagnostics and not unlocked:
        where = names[0] if len(names) == 1 else f"{len(names)} files"
        console.err(f"no findings in {where}\n")
