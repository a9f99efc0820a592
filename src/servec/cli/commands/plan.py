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
    from servec.compiler.result import DeploymentResult
    from servec.compiler.search.front import Point

    Fronts = list[tuple[DeploymentResult, tuple[Point, ...]]]

USAGE = (
    "SPEC... [--target auto|all|NAME[,NAME...]] [--deployment NAME]"
    " [--graph tree|dot|mermaid|svg] [--plot FILE] [--strict]"
)
EXAMPLE = """
$ servec plan specs/qwen3-moe.srv
$ servec plan specs/qwen3-moe.srv --target vllm,sglang --format json
$ servec plan specs/qwen3-moe.srv --graph svg > steps.svg
$ servec plan specs/qwen3-moe.srv --plot front.html    # latency against throughput, or .svg
"""
FORMATS = ("text", "json", "sarif", "github")
EMPTY = "servec.compile/1"
ENDINGS = (".svg", ".html")


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
    parser.add_argument("--plot", metavar="FILE", help="draw the front into an .svg or .html")


def run(args: Namespace, console: Console) -> int:
    """Plan and print; writes no files but the plot."""
    from servec.cli.checked import checked
    from servec.compiler.search.front import front

    if args.plot is not None and not args.plot.endswith(ENDINGS):
        raise UsageError("--plot writes a file that ends in .svg or .html")
    sources, names = given(args.spec)
    found = checked(sources, names, args.target, wide=True, deployment=args.deployment)
    report(console, found.diagnostics, sources, names)
    fronts = [(each, front(each)) for each in found.result.deployments]
    if args.plot is not None:
        _plot(args.plot, fronts)
    if args.graph:
        from servec.cli.graphs import print_graphs

        print_graphs(args.graph, found, console)
    elif console.format == "json":
        _json(found, fronts, console)
    elif console.format == "text":
        _text(found, fronts, console)
    return exit_code(found.diagnostics, args.strict)


def _plot(path: str, fronts: Fronts) -> None:
    from servec.cli.render.plot.page import page, svg
    from servec.cli.replace import replace_file

    made = svg(fronts) if path.endswith(".svg") else page(fronts)
    replace_file(path, made.encode())


def _json(found: Checked, fronts: Fronts, console: Console) -> None:
    from servec.cli.documents.compile import CompileDocument
    from servec.cli.render.compile import deployment_documents, fleet_documents, point_documents
    from servec.cli.render.json import json_diagnostics
    from servec.dsl.record import replace

    made = deployment_documents(found.result.deployments, (), "generated")
    console.json(
        CompileDocument(
            deployments=tuple(
                replace(each, pareto=point_documents(points))
                for each, (_, points) in zip(made, fronts, strict=True)
            ),
            fleets=fleet_documents(found.result.fleets),
            diagnostics=json_diagnostics(found.diagnostics, found.sources.read),
        )
    )


def _text(found: Checked, fronts: Fronts, console: Console) -> None:
    from servec.cli.render.front import render_front
    from servec.cli.render.plan import render_fleet, render_plan

    parts = [render_plan(each, console) + render_front(points) for each, points in fronts]
    parts += [render_fleet(each) for each in found.result.fleets]
    console.out("\n".join(parts))
