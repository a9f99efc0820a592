"""Said twice in one body.

Checks: one body says each relation of a path once and holds each labelled block once; the names of
    a file are given once; a workload states one of `rate` and `concurrency`.
Because: the order of fields has no meaning, so neither of the two could win.
Wrong: limits { batch <= 64; batch <= 128 }
Right: limits { batch <= 128 }
Source: language reference, "Resolution order"
"""

from __future__ import annotations

from servec.dsl.diagnostic import Diagnostic, Fix, Label, Span
from servec.dsl.removal import removal
from servec.dsl.tree import Block, Import, Let
from servec.dsl.wording import code

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.dsl.reader import Reader
    from servec.dsl.spec import Bound
    from servec.dsl.tree import File, Relation


def _finding(title: str, again: Span, first: Span, fixes: tuple[Fix, ...] = ()) -> Diagnostic:
    labels = (Label(first, "said here first"),)
    fixes = fixes or (Fix("keep one of the two"),)
    return Diagnostic("SRV104", "error", title, Label(again, "said again"), labels, fixes=fixes)


def relation_twice(reader: Reader, node: Relation, first: Bound) -> Diagnostic:
    """The same relation on one path, twice."""
    span = reader.span(node.start, node.end)
    text = reader.text
    fixes: tuple[Fix, ...] = ()
    if text[node.start : node.end] == text[first.span.start : first.span.end]:
        fixes = (Fix("delete one of them", (removal(reader.scope.file, node.start, node.end),)),)
    title = f"{code(node.name + ' ' + node.op)} is said twice in one body"
    return _finding(title, span, first.span, fixes)


def option_twice(reader: Reader, node: Relation | Block, first: Span) -> Diagnostic:
    """A native option twice in one `on` block; `-` and `_` are equal."""
    span = reader.span(node.start, node.start + len(node.name))
    return _finding(f"the option {code(node.name)} is said twice in one body", span, first)


def block_twice(reader: Reader, node: Block) -> Diagnostic:
    """A labelled block twice in one body."""
    assert node.label is not None
    label = node.label.text
    alike = (
        block
        for block in _blocks(reader.body.block)
        if block.name == node.name and block.label and block.label.text == label
    )
    first = next(alike, node)
    return _blocks_twice(reader.path, first, node)


def _blocks(block: Block) -> list[Block]:
    """The blocks inside a block, at any depth (which is bounded)."""
    found = []
    for inner in block.body:
        if type(inner) is Block:
            found.append(inner)
            found.extend(_blocks(inner))
    return found


def _blocks_twice(path: str, first: Block, again: Block) -> Diagnostic:
    assert first.label is not None and again.label is not None
    title = f"the {again.name} {code(again.label.text)} is stated twice"
    return _finding(
        title,
        Span(path, again.start, again.label.end),
        Span(path, first.start, first.label.end),
    )


def name_twice(file: File, first: Import | Let | Block, again: Import | Let | Block) -> Diagnostic:
    """Two imports, lets or top-level blocks of one name."""
    if type(first) is Block and type(again) is Block:
        return _blocks_twice(file.path, first, again)
    kind, name = "let", ""
    if type(again) is Import:
        kind, name = "alias", again.alias.text
    elif type(again) is Let:
        name = again.name.text
    spans = [Span(file.path, node.start, node.end) for node in (again, first)]
    return _finding(f"the {kind} {code(name)} is given twice", spans[0], spans[1])


def load_twice(rate: Bound, concurrency: Bound) -> Diagnostic:
    """A workload that states both an open and a closed load."""
    return Diagnostic(
        "SRV104",
        "error",
        "`rate` and `concurrency` both state the load",
        Label(concurrency.span, "requests in flight, a closed load"),
        (Label(rate.span, "arrivals, an open load"),),
        fixes=(Fix("keep one of the two"),),
    )
