"""Graphs of steps, drawn: a tree of text, DOT, Mermaid, SVG."""

from __future__ import annotations

from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from servec.compiler.steps.node import Node

DRAWINGS = ("tree", "dot", "mermaid", "svg")


@record
class Drawn:
    """A graph to draw: the steps of one deployment on one runtime, in order."""

    title: str
    nodes: tuple[Node, ...]


def render_graphs(kind: str, graphs: Sequence[Drawn]) -> str:
    """All graphs as one text of a kind of `DRAWINGS`."""
    if kind == "tree":
        from servec.cli.render.graph.tree import tree

        return "\n".join(map(tree, graphs))
    if kind == "dot":
        from servec.cli.render.graph.dot import dot

        return dot(graphs)
    if kind == "mermaid":
        from servec.cli.render.graph.mermaid import mermaid

        return mermaid(graphs)
    from servec.cli.render.graph.svg import svg

    return svg(graphs)
