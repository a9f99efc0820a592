"""The edit that takes a statement out of a file and leaves the lines around it tidy."""

from __future__ import annotations

from servec.dsl.diagnostic import Edit, Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.dsl.tree import File


def removal(file: File, start: int, end: int) -> Edit:
    """Delete the statement at `start` to `end`: its whole line, or with the `;` that parts it."""
    text = file.text
    line_start = text.rfind("\n", 0, start) + 1
    line_end = text.find("\n", end)
    line_end = len(text) if line_end < 0 else line_end
    before, after = text[line_start:start], text[end:line_end]
    if not before.strip() and (not after.strip() or after.lstrip().startswith("#")):
        return Edit(Span(file.path, line_start, min(line_end + 1, len(text))), "")
    if after.lstrip().startswith(";"):
        skipped = after.index(";") + 1
        rest = after[skipped:]
        return Edit(Span(file.path, start, end + skipped + len(rest) - len(rest.lstrip())), "")
    if before.rstrip().endswith(";"):
        return Edit(Span(file.path, line_start + len(before.rstrip()[:-1].rstrip()), end), "")
    return Edit(Span(file.path, start, end), "")
