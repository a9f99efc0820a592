"""Graphs in the language of Graphviz."""

from __future__ import annotations

from servec.cli.render.graph.label import label

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from servec.cli.render.graph import Drawn


def dot(graphs: Sequence[Drawn]) -> str:
    """One digraph, a cluster for each deployment on a runtime."""
    lines = ["digraph servec {", "  rankdir=LR;", '  node [shape=box, fontname="sans-serif"];']
    for number, graph in enumerate(graphs):
        lines += [f"  subgraph cluster_{number} {{", f"    label={_quoted(graph.title)};"]
        lines += [f"    {line}" for line in _graph(number, graph)]
        lines.append("  }")
    return "\n".join((*lines, "}")) + "\n"


def _graph(number: int, graph: Drawn) -> Iterator[str]:
    ids = {node.name: f"n{number}_{at}" for at, node in enumerate(graph.nodes)}
    for node in graph.nodes:
        name, what = label(node)
        style = ", style=rounded" if node.serves else ", style=dashed" if not node.works else ""
        text = f"{_escaped(name)}\\n{_escaped(what)}"
        yield f'{ids[node.name]} [label="{text}"{style}];'
    for node in graph.nodes:
        for before in node.after:
            yield f"{ids[before]} -> {ids[node.name]};"


def _quoted(text: str) -> str:
    return f'"{_escaped(text)}"'


def _escaped(text: str) -> str:
    """Inside double quotes; a backslash would begin an escape of Graphviz's own."""
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
