"""The graphs of steps of what was planned."""

from __future__ import annotations

from servec.cli.documents.compile import GraphDocument, NodeDocument
from servec.compiler.steps.graph import steps_of
from servec.targets.shared.artifacts.shell import keys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from servec.api import Checked
    from servec.cli.console import Console
    from servec.compiler.result import Candidate, Result
    from servec.compiler.steps.node import Node


def print_graphs(kind: str, found: Checked, console: Console) -> None:
    """A graph for each deployment on each runtime that is emitted, drawn as `kind` or as JSON."""
    if console.format == "json":
        from servec.cli.documents.compile import CompileDocument
        from servec.cli.render.compile import deployment_documents
        from servec.cli.render.json import json_diagnostics

        console.json(
            CompileDocument(
                deployments=deployment_documents(found.result.deployments, (), "generated"),
                diagnostics=json_diagnostics(found.diagnostics, found.sources.read),
                graphs=graph_documents(found.result),
            )
        )
    elif console.format == "text" and not found.failed:
        from servec.cli.render.graph import Drawn, render_graphs

        made = [
            Drawn(f"{name} on {candidate.target} {candidate.version}", nodes)
            for name, candidate, nodes in _graphs(found.result)
        ]
        console.out(render_graphs(kind, made))


def graph_documents(result: Result) -> tuple[GraphDocument, ...]:
    """The graphs as documents."""
    return tuple(
        GraphDocument(name, candidate.target, tuple(map(_node, nodes)))
        for name, candidate, nodes in _graphs(result)
    )


def _node(node: Node) -> NodeDocument:
    return NodeDocument(node.name, node.kind, node.argv, node.after, node.needs, node.makes)


def _graphs(result: Result) -> Iterator[tuple[str, Candidate, tuple[Node, ...]]]:
    seen: set[tuple[str, str]] = set()
    for each in result.deployments:
        for candidate in each.emit:
            if (each.spec.name, candidate.target) not in seen:
                seen.add((each.spec.name, candidate.target))
                launch = candidate.launch()
                nodes = steps_of(launch, keys(launch.processes))
                yield each.spec.name, candidate, nodes
