"""Rank every way to serve a spec: runtime and parallelism, memory, predictions, and why not."""

from __future__ import annotations

from servec.cli.errors import UsageError
from servec.cli.given import given
from servec.cli.report import exit_code, report

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from servec.api import Checked
    from servec.cli.console import Console

USAGE = (
    "SPEC... [--target auto|all|NAME[,NAME...]] [--deployment NAME]"
    " [--graph tree|dot|mermaid|svg] [--strict]"
)
EXAMPLE = """
$ servec plan specs/qwen3-moe.srv
$ servec plan specs/qwen3-moe.srv --target vllm,sglang --format json
$ servec plan specs/qwen3-moe.srv --graph svg > steps.svg
"""
FORMATS = ("text", "json", "sarif", "github")
EMPTY = "servec.compile/1"


def register(parser: ArgumentParser) -> None:
    """The arguments of `plan`."""
    parser.add_argument("spec", nargs="+", metavar="SPEC", help="a .srv file, or `-` for stdin")
    parser.add_argument("--target", default="", metavar="TARGET", help="auto, all, or names")
    parser.add_argument("--deployment", default="", metavar="NAME", help="this deployment alone")
    parser.add_argument("--strict", action="store_true", help="warnings are errors")
    parser.add_argument(
        "--graph",
        default="",
        choices=("tree", "dot", "mermaid", "svg"),
        help="draw what `run` would do, on stdout, instead of the table",
    )
    parser.add_argument("--plot", help="not in this version of servec")


def run(args: Namespace, console: Console) -> int:
    """Plan and print; writes no files."""
    from servec.cli.checked import checked

    if args.plot is not None:
        raise UsageError("--plot is not in this version of servec")
    sources, names = given(args.spec)
    found = checked(sources, names, args.target, wide=True, deployment=args.deployment)
    report(console, found.diagnostics, sources, names)
    if args.graph:
        from servec.cli.graphs import print_graphs

        print_graphs(args.graph, found, console)
        return exit_code(found.diagnostics, args.strict)
    if console.format == "json":
        from servec.cli.documents.compile import CompileDocument
        from servec.cli.render.compile import deployment_documents, fleet_documents
        from servec.cli.render.json import json_diagnostics

        console.json(
            CompileDocument(
                deployments=deployment_documents(found.result.deployments, (), "generated"),
                fleets=fleet_documents(found.result.fleets),
                diagnostics=json_diagnostics(found.diagnostics, sources.read),
            )
        )
    elif console.format == "text":
        _text(found, console)
    return exit_code(found.diagnostics, args.strict)


def _text(found: Checked, console: Console) -> None:
    from servec.cli.render.plan import render_fleet, render_plan

    parts = [render_plan(each, console) for each in found.result.deployments]
    parts += [render_fleet(each) for each in found.result.fleets]
    console.out("\n".join(parts))
