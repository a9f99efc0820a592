"""Graphs in the language of Mermaid, which Markdown on code hosts draws."""

from __future__ import annotations

from servec.cli.render.graph.label import label

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from servec.cli.render.graph import Drawn

ENTITIES = (
    *(("#", "#35;"), ("&", "#amp;"), ('"', "#quot;"), ("<", "#lt;"), (">", "#gt;")),
    ("`", "#96;"),
)


def mermaid(graphs: Sequence[Drawn]) -> str:
    """One flowchart, a subgraph for each deployment on a runtime."""
    lines = ["flowchart LR"]
    for number, graph in enumerate(graphs):
        lines.append(f'  subgraph g{number}["{_escaped(graph.title)}"]')
        lines += [f"    {line}" for line in _graph(number, graph)]
        lines.append("  end")
    return "\n".join(lines) + "\n"


def _graph(number: int, graph: Drawn) -> Iterator[str]:
    ids = {node.name: f"n{number}_{at}" for at, node in enumerate(graph.nodes)}
    for node in graph.nodes:
        name, what = label(node)
        text = f'"{_escaped(name)}<br/>{_escaped(what)}"'
        left, right = ("[", "]") if node.works else ("([", "])") if node.serves else ("{{", "}}")
        yield f"{ids[node.name]}{left}{text}{right}"
    for node in graph.nodes:
        for before in node.after:
            yield f"{ids[before]} --> {ids[node.name]}"


def _escaped(text: str) -> str:
    """Inside double quotes, where Mermaid reads HTML, its own `#name;`, Markdown in backticks."""
    for sign, entity in ENTITIES:
        text = text.replace(sign, entity)
    return "".join(sign if sign.isprintable() else " " for sign in text)
