"""Graphs as a picture: steps in columns by what is still to come after them."""

from __future__ import annotations

from servec.cli.render.graph.label import label
from servec.compiler.steps.graph import columns

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from servec.cli.render.graph import Drawn
    from servec.compiler.steps.node import Node

WIDE, HIGH, GAP_X, GAP_Y, EDGE, TITLE = 216, 44, 48, 18, 16, 28
LETTERS = 29
"""Characters of the small text that a box holds."""
FILL = {"work": "#e8f0fe", "serve": "#e6f4ea", "ask": "#fef7e0"}
STYLE = "font-family:sans-serif;fill:#202124"


def svg(graphs: Sequence[Drawn]) -> str:
    """One picture, the graphs below each other."""
    parts: list[str] = []
    top, width = 0, 0
    for graph in graphs:
        made, across, down = _graph(graph, top)
        parts += made
        top += down
        width = max(width, across)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{top}"'
        f' viewBox="0 0 {width} {top}">'
    )
    arrow = (
        '<defs><marker id="to" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7"'
        ' markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z" fill="#5f6368"/></marker></defs>'
    )
    return "\n".join((head, arrow, *parts, "</svg>")) + "\n"


def _graph(graph: Drawn, top: int) -> tuple[list[str], int, int]:
    """The elements of one graph that begins at `top`, its width and its height."""
    found = columns(graph.nodes)
    tallest = max(map(len, found))
    body = tallest * (HIGH + GAP_Y) - GAP_Y
    places: dict[str, tuple[int, int]] = {}
    for at, column in enumerate(found):
        free = body - len(column) * (HIGH + GAP_Y) + GAP_Y
        for row, node in enumerate(column):
            y = top + EDGE + TITLE + free // 2 + row * (HIGH + GAP_Y)
            places[node.name] = (EDGE + at * (WIDE + GAP_X), y)
    title = f'<text x="{EDGE}" y="{top + EDGE + 12}" font-size="14" style="{STYLE}">'
    parts = [f"{title}{_xml(graph.title)}</text>"]
    parts += _edges(graph.nodes, places)
    parts += [_box(node, *places[node.name]) for node in graph.nodes]
    width = 2 * EDGE + len(found) * (WIDE + GAP_X) - GAP_X
    return parts, width, 2 * EDGE + TITLE + body


def _edges(nodes: Sequence[Node], places: dict[str, tuple[int, int]]) -> Iterator[str]:
    for node in nodes:
        x2, y2 = places[node.name][0], places[node.name][1] + HIGH // 2
        for before in node.after:
            x1, y1 = places[before][0] + WIDE, places[before][1] + HIGH // 2
            bend = (x2 - x1) // 2
            yield (
                f'<path d="M{x1} {y1}C{x1 + bend} {y1} {x2 - bend} {y2} {x2} {y2}" fill="none"'
                ' stroke="#5f6368" marker-end="url(#to)"/>'
            )


def _box(node: Node, x: int, y: int) -> str:
    name, what = label(node)
    kind = "work" if node.works else "serve" if node.serves else "ask"
    return (
        f"<g><title>{_xml(' '.join(node.argv))}</title>"
        f'<rect x="{x}" y="{y}" width="{WIDE}" height="{HIGH}" rx="{6 if node.works else 18}"'
        f' fill="{FILL[kind]}" stroke="#5f6368"/>'
        f'<text x="{x + 12}" y="{y + 18}" font-size="13" style="{STYLE}">{_xml(_cut(name, 27))}'
        f'</text><text x="{x + 12}" y="{y + 34}" font-size="11" style="{STYLE}">'
        f"{_xml(_cut(what, LETTERS))}</text></g>"
    )


def _cut(text: str, most: int) -> str:
    """At most `most` characters; the middle gives way, as both ends of a path say much."""
    if len(text) <= most:
        return text
    half = (most - 1) // 2
    return f"{text[: most - 1 - half]}…{text[-half:]}"


def _xml(text: str) -> str:
    """Text of an element: no signs of XML, and none that XML cannot hold."""
    for sign, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        text = text.replace(sign, entity)
    return "".join(sign if sign.isprintable() else " " for sign in text)
