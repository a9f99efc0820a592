"""Answers to what an editor asks about a place in an open file."""

from __future__ import annotations

from lsprotocol import types as lsp

from servec.cli.lsp.cursor import cursor
from servec.cli.lsp.findings import Shown, uri_of
from servec.cli.lsp.positions import Positions

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.cli.lsp.cursor import Cursor
    from servec.cli.lsp.session import Session

KINDS = {
    "field": lsp.CompletionItemKind.Field,
    "block": lsp.CompletionItemKind.Struct,
    "value": lsp.CompletionItemKind.Value,
}


def _at(data: bytes, where: lsp.Position) -> Cursor:
    return cursor(data, Positions(data).offset(where.line, where.character))


def _range(data: bytes, start: int, end: int) -> lsp.Range:
    lines = Positions(data)
    return lsp.Range(lsp.Position(*lines.position(start)), lsp.Position(*lines.position(end)))


def completion(session: Session, path: str, where: lsp.Position) -> lsp.CompletionList:
    """What may be written at a place, in the order of the language reference."""
    from servec.cli.lsp.known import offers

    data = session.data(path)
    at = _at(data, where)
    place = _range(data, at.start, at.end)
    items = [
        lsp.CompletionItem(
            label=each.text,
            kind=KINDS[each.kind],
            detail=each.detail or None,
            documentation=each.doc or None,
            sort_text=f"{number:05}",
            text_edit=lsp.TextEdit(place, each.text),
        )
        for number, each in enumerate(offers(at, data))
    ]
    return lsp.CompletionList(is_incomplete=False, items=items)


def hovering(session: Session, path: str, where: lsp.Position) -> lsp.Hover | None:
    """What is known of the word at a place."""
    from servec.cli.lsp.hover import hover

    data = session.data(path)
    at = _at(data, where)
    text = hover(at, data)
    if not text:
        return None
    shown = lsp.MarkupContent(lsp.MarkupKind.Markdown, text)
    return lsp.Hover(shown, _range(data, at.start, at.end))


def definition(session: Session, path: str, where: lsp.Position) -> lsp.Location | None:
    """Where the name at a place is defined."""
    from servec.cli.lsp.target import meant

    sources = session.sources()
    found = meant(_at(session.data(path), where), path, sources)
    if found is None:
        return None
    data = sources.read(found.path) or b""
    return lsp.Location(uri_of(found.path), _range(data, found.start, found.end))


def actions(session: Session, path: str, where: lsp.Range) -> list[lsp.CodeAction]:
    """The fixes of the findings on the lines of a range."""
    judged = session.judged(path)
    shown = Shown(judged.sources)
    found = []
    for each in judged.findings:
        if each.primary.span.file != path:
            continue
        span = shown.range(each.primary.span)
        if span.start.line <= where.end.line and span.end.line >= where.start.line:
            found += [shown.action(each, fix) for fix in each.fixes if fix.edits]
    return found


def formatting(session: Session, path: str) -> list[lsp.TextEdit]:
    """The whole text in the canonical style; nothing where it has it, or cannot be read."""
    from servec.api import format
    from servec.dsl.parse import parse

    data = session.data(path)
    if any(found.severity == "error" for found in parse(path, data).diagnostics):
        return []
    new = format(data.decode("utf-8", "replace"))
    return [] if new.encode() == data else [lsp.TextEdit(_range(data, 0, len(data)), new)]
