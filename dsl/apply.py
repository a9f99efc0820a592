"""Fixes applied to the text of a file."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from servec.dsl.diagnostic import Edit, Fix


def apply_fixes(data: bytes, path: str, fixes: Iterable[Fix]) -> tuple[bytes, tuple[Fix, ...]]:
    """The bytes of `path` with the fixes written in, and the fixes that were.

    A fix is applied whole or not at all: one that overlaps an earlier one, or has edits beyond the
    end of the file, is left out. Edits in other files do not count here.
    """
    taken: list[Edit] = []
    applied: list[Fix] = []
    for fix in fixes:
        edits = [edit for edit in fix.edits if edit.span.file == path]
        if edits and all(_fits(edit, taken, len(data)) for edit in edits):
            taken.extend(edits)
            applied.append(fix)
    for edit in sorted(taken, key=lambda edit: (edit.span.start, edit.span.end), reverse=True):
        data = data[: edit.span.start] + edit.insert.encode() + data[edit.span.end :]
    return data, tuple(applied)


def _fits(edit: Edit, taken: list[Edit], size: int) -> bool:
    """Whether the edit lies in the file and touches no bytes of another."""
    start, end = edit.span.start, edit.span.end
    if not 0 <= start <= end <= size:
        return False
    for other in taken:
        if start < other.span.end and other.span.start < end:
            return False
        if start == other.span.start and (start == end or other.span.start == other.span.end):
            return False
    return True
