"""The order of statements at top level: imports by path, then lets, then the author's order."""

from __future__ import annotations

from servec.dsl.tree import Import, Let

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.dsl.layout import Element, Layout

    Chunk = tuple[bool, list[Element]]

IMPORT, LET, REST = 0, 1, 2


def top_order(layout: Layout, elements: list[Element], behind: int) -> list[Chunk] | None:
    """The chunks of a file in order, each with whether a blank line stands before it.

    A chunk is a statement with the comments right above it and on its line, or comments that
    stand alone. Comments alone at the head of the file stay there; others go with the statement
    behind them. None where the order is good already; imports in the order of their aliases are
    left as they are, as in the sample `fleet.srv`.
    """
    nodes = [node for _, _, node in elements if node is not None]
    if any(_in_order([place(node) for node in nodes]) for place in (_place, _place_by_alias)):
        return None
    chunks = _chunks(layout, elements, behind)
    head: list[Chunk] = []
    while chunks and _node_place(chunks[0]) is None:
        head.append(chunks.pop(0))
    ordered = sorted(_joined(chunks), key=_key)
    return head + _parted(ordered)


def _place(node: object) -> tuple[int, str]:
    if type(node) is Import:
        return IMPORT, node.path.text
    return (LET if type(node) is Let else REST), ""


def _place_by_alias(node: object) -> tuple[int, str]:
    return (IMPORT, node.alias.text) if type(node) is Import else _place(node)


def _in_order(places: list[tuple[int, str]]) -> bool:
    return places == sorted(places)


def _node_place(chunk: Chunk) -> tuple[int, str] | None:
    """The place of the statement in a chunk; None for comments alone."""
    return next((_place(node) for _, _, node in chunk[1] if node is not None), None)


def _key(chunk: Chunk) -> tuple[int, str]:
    return _node_place(chunk) or (REST, "")


def _chunks(layout: Layout, elements: list[Element], behind: int) -> list[Chunk]:
    found: list[Chunk] = []
    complete = True  # the last chunk has its statement
    for element in elements:
        start, end, node = element
        breaks = layout.breaks(behind, start)
        behind = end
        if node is None and breaks == 0 and found:
            found[-1][1].append(element)
        elif complete or breaks > 1:
            found.append((breaks > 1, [element]))
            complete = node is not None
        else:
            found[-1][1].append(element)
            complete = node is not None
    return found


def _joined(chunks: list[Chunk]) -> list[Chunk]:
    """Comments that stand alone joined to the import or let behind them, so that they move."""
    found: list[Chunk] = []
    for chunk in chunks:
        place = _node_place(chunk)
        if place and place[0] != REST and found and _node_place(found[-1]) is None:
            blank, comments = found.pop()
            found.append((blank, comments + chunk[1]))
        else:
            found.append(chunk)
    return found


def _parted(chunks: list[Chunk]) -> list[Chunk]:
    """A blank line before the first import, let and other statement.

    The one that the author put first loses the blank line that parted it from the line before.
    """
    seen: set[int] = set()
    found = []
    firsts = {kind: _first_start(chunks, kind) for kind in (IMPORT, LET, REST)}
    for blank, elements in chunks:
        kind = _key((blank, elements))[0]
        kept = blank and (kind == REST or elements[0][0] != firsts[kind])
        found.append((kept or kind not in seen, elements))
        seen.add(kind)
    return found


def _first_start(chunks: list[Chunk], kind: int) -> int:
    """Where the first chunk of a kind began in the file."""
    return min((c[1][0][0] for c in chunks if _key(c)[0] == kind), default=-1)
