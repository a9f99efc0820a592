"""The edit that takes a statement out of a file and leaves the lines around it tidy."""

from __future__ import annotations

import itertools

from servec.dsl.diagnostic import Edit, Span
from servec.dsl.record import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from servec.dsl.diagnostic import Diagnostic, Fix
    from servec.dsl.sources import Sources
    from servec.dsl.tree import File


def removal(file: File, start: int, end: int) -> Edit:
    """Delete the statement at `start` to `end`: its whole line, or with the `;` that parts it."""
    return Edit(_widened(file.text, Span(file.path, start, end)), "")


def tidied(found: Iterable[Diagnostic], sources: Sources) -> tuple[Diagnostic, ...]:
    """The findings with every deletion of a whole statement widened as `removal` does.

    Rules know where a statement stands, not the text around it.
    """
    texts: dict[str, str] = {}

    def text_of(path: str) -> str:
        if path not in texts:
            texts[path] = (sources.read(path) or b"").decode("latin-1")
        return texts[path]

    def tidy(fix: Fix) -> Fix:
        edits = tuple(
            edit if edit.insert else Edit(_whole(text_of(edit.span.file), edit.span), "")
            for edit in fix.edits
        )
        return fix if _overlap(edits) else replace(fix, edits=edits)

    return tuple(
        replace(item, fixes=tuple(map(tidy, item.fixes))) if _deletes(item) else item
        for item in found
    )


def _deletes(item: Diagnostic) -> bool:
    return any(not edit.insert for fix in item.fixes for edit in fix.edits)


def _overlap(edits: tuple[Edit, ...]) -> bool:
    spans = sorted((edit.span.file, edit.span.start, edit.span.end) for edit in edits)
    pairs = itertools.pairwise(spans)
    return any(one[0] == two[0] and one[2] > two[1] for one, two in pairs)


def _whole(text: str, span: Span) -> Span:
    """The span widened if it is a whole statement, else as it is."""
    before = text[text.rfind("\n", 0, span.start) + 1 : span.start].rstrip()
    after = text[span.end :].partition("\n")[0].lstrip()
    begins = not before or before[-1] in "{;"
    ends = not after or after[0] in "#;}"
    return _widened(text, span) if begins and ends and span.start < span.end else span


def _widened(text: str, span: Span) -> Span:
    start, end = span.start, span.end
    line_start = text.rfind("\n", 0, start) + 1
    line_end = text.find("\n", end)
    line_end = len(text) if line_end < 0 else line_end
    before, after = text[line_start:start], text[end:line_end]
    rest = after.lstrip()
    if not before.strip() and (not rest or rest.startswith("#")):
        return Span(span.file, line_start, min(line_end + 1, len(text)))
    if rest.startswith(";"):
        behind = rest[1:].lstrip()
        return Span(span.file, start, line_end - len(behind))
    if before.rstrip().endswith(";"):
        return Span(span.file, line_start + len(before.rstrip()[:-1].rstrip()), end)
    if before.rstrip().endswith("{"):
        return Span(span.file, start, line_end - len(rest))
    return span
