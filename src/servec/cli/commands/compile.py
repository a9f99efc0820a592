"""Check specs, choose a runtime for each deployment, and write what starts it.

Everything is written, or nothing: an error in one deployment stops them all. Files that were
edited by hand are never overwritten without --force.
"""

from __future__ import annotations

from servec.cli.given import given
from servec.cli.progress import busy
from servec.cli.report import exit_code, report

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Sequence

    from servec.api import Compiled
    from servec.cli.console import Console
    from servec.cli.write import Difference

USAGE = (
    "SPEC... [--target auto|all|NAME[,NAME...]] [--out DIR] [--check] [--deployment NAME]"
    " [--form NAME[,NAME...]] [--strict] [--locked] [--force]"
)
EXAMPLE = """
$ servec compile specs/qwen3-moe.srv --target auto   # the runtime that fits best
$ servec compile specs/qwen3-moe.srv --target all    # every runtime that can serve it
$ servec compile specs/*.srv --check                 # exit 1 and a diff if generated/ is stale
$ servec compile chat.srv --form shell,k8s --out build
"""
FORMATS = ("text", "json", "sarif", "github")
EMPTY = "servec.compile/1"


def register(parser: ArgumentParser) -> None:
    """The arguments of `compile`."""
    add = parser.add_argument
    add("spec", nargs="+", metavar="SPEC", help="a .srv file, a folder of them, or `-`")
    add("--target", default="", metavar="TARGET", help="auto, all, or names; wins over the spec's")
    add("--out", default="generated", metavar="DIR", help="where to write (default: generated)")
    add("--check", action="store_true", help="write nothing; exit 1 and print what differs")
    add("--deployment", default="", metavar="NAME", help="this deployment alone")
    add("--form", default="", metavar="FORM", help="artifact forms, joined by commas")
    add("--strict", action="store_true", help="warnings are errors")
    add("--locked", action="store_true", help="demand pinned revisions")
    add("--force", action="store_true", help="overwrite files edited by hand")


def run(args: Namespace, console: Console) -> int:
    """Compile, write or compare, and report."""
    from servec.cli.compiled import compiled
    from servec.cli.write import FileSet, differences, write_sets

    sources, names = given(args.spec)
    with busy(console, "compiling", len(names)):
        made = compiled(sources, names, args)
    report(console, made.diagnostics, sources, names)
    code = exit_code(made.diagnostics, args.strict)
    unlocked: tuple[str, ...] = ()
    if args.locked and not code:
        from servec.cli.locked import unpinned

        unlocked = tuple(unpinned(made.result.deployments))
    changes: tuple[Difference, ...] = ()
    if not code and not unlocked:
        sets = [FileSet(each.folder, each.artifacts) for each in made.emissions]
        if args.check:
            changes = differences(args.out, sets)
            code = int(bool(changes))
        else:
            write_sets(args.out, sets, args.force)
    if console.format == "json":
        _json(made, args, console, changes if args.check else (), unlocked)
    elif console.format == "text":
        _text(made, args, console, changes, unlocked)
    return code or int(bool(unlocked))


def _json(
    made: Compiled,
    args: Namespace,
    console: Console,
    changes: Sequence[Difference],
    unlocked: tuple[str, ...],
) -> None:
    from servec.cli.documents.compile import CompileDocument, DifferenceDocument
    from servec.cli.render.compile import deployment_documents, fleet_documents
    from servec.cli.render.json import json_diagnostics

    console.json(
        CompileDocument(
            deployments=deployment_documents(made.result.deployments, made.emissions, args.out),
            fleets=fleet_documents(made.result.fleets),
            differences=tuple(DifferenceDocument(c.path, c.change) for c in changes),
            diagnostics=json_diagnostics(made.diagnostics, made.sources.read),
            unlocked=unlocked,
        )
    )


def _text(
    made: Compiled,
    args: Namespace,
    console: Console,
    changes: Sequence[Difference],
    unlocked: tuple[str, ...],
) -> None:
    for line in unlocked:
        console.must(f"{line}\n")
    if args.check:
        from servec.cli.render.diff import render_differences

        console.out(render_differences(changes, console.color))
    elif not console.quiet:
        for each in made.emissions if not unlocked else ():
            console.out(f"{args.out.rstrip('/')}/{each.folder}: {each.target} {each.version}\n")
            for artifact in each.artifacts if console.verbose else ():
                console.out(f"  {artifact.path}\n")
