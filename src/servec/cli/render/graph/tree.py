"""A graph as a tree of text: the last step on top, below each what it waits for."""

from __future__ import annotations

from servec.cli.render.graph.label import label
from servec.cli.render.shown import shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from servec.cli.render.graph import Drawn
    from servec.compiler.steps.node import Node


def tree(graph: Drawn) -> str:
    """The tree under its title; what stands in two places is written out once."""
    known = {node.name: node for node in graph.nodes}
    waited = {name for node in graph.nodes for name in node.after}
    seen: set[str] = set()
    lines = [shown(graph.title)]
    ends = [node for node in graph.nodes if node.name not in waited]
    for node in ends:
        lines += _lines(node, known, seen, "", "")
    return "".join(f"{line}\n" for line in lines)


def _lines(
    node: Node, known: dict[str, Node], seen: set[str], head: str, rest: str
) -> Iterator[str]:
    name, what = label(node)
    again = name in seen and bool(node.after)
    seen.add(name)
    yield f"{head}{shown(name)}  ({shown(what)}){' as above' if again else ''}"
    below = () if again else node.after
    for number, other in enumerate(below):
        end = number == len(below) - 1
        branch, space = ("└─ ", "   ") if end else ("├─ ", "│  ")
        yield from _lines(known[other], known, seen, rest + branch, rest + space)
