"""What a fix makes of a file: the lines it writes, with a `+` under each new character."""

from __future__ import annotations

from servec.cli.render.lines import Lines
from servec.cli.render.shown import cells
from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from servec.dsl.diagnostic import Edit


@record
class FixedLine:
    """A line of the result: `marks` has a `+` in each cell that is new, `column` the first."""

    number: int
    text: str
    marks: str
    column: int


def apply_edits(data: bytes, edits: Sequence[Edit]) -> bytes:
    """`data` with the edits of one fix made; they do not overlap."""
    for edit in sorted(edits, key=lambda e: (e.span.start, e.span.end), reverse=True):
        data = data[: edit.span.start] + edit.insert.encode() + data[edit.span.end :]
    return data


def fixed_lines(data: bytes, edits: Sequence[Edit]) -> tuple[FixedLine, ...]:
    """The lines that the edits of one file write, without those that a deletion leaves blank."""
    lines = Lines(apply_edits(data, edits))
    new: dict[int, list[tuple[int, int]]] = {}
    shift = 0
    for edit in sorted(edits, key=lambda e: (e.span.start, e.span.end)):
        old = data[edit.span.start : edit.span.end].decode("utf-8", "replace")
        skip, kept = _common(old, edit.insert)
        start = edit.span.start + shift + len(edit.insert[:skip].encode())
        end = edit.span.start + shift + len(edit.insert[: len(edit.insert) - kept].encode())
        shift += len(edit.insert.encode()) - (edit.span.end - edit.span.start)
        if end > start or "\n" not in old:
            _spread(lines, start, end, new)
    kept_lines = (number for number in sorted(new) if lines.text(number).strip())
    return tuple(_line(lines, number, new[number]) for number in kept_lines)


def _common(old: str, new: str) -> tuple[int, int]:
    """How many characters two texts share at the start, and of the rest at the end."""
    most = min(len(old), len(new))
    head = 0
    while head < most and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < most - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    return head, tail


def _spread(lines: Lines, start: int, end: int, new: dict[int, list[tuple[int, int]]]) -> None:
    """Note for each line that `start` to `end` covers which of its columns are new."""
    first, column = lines.at(start)
    last, end_column = lines.at(end)
    for number in range(first, last + 1):
        text = lines.text(number)
        low = column if number == first else 1 + len(text) - len(text.lstrip())
        high = end_column if number == last else len(text) + 1
        if high > low or first == last:
            new.setdefault(number, []).append((low, high))


def _line(lines: Lines, number: int, ranges: list[tuple[int, int]]) -> FixedLine:
    text = lines.text(number)
    marks = ""
    for low, high in ranges:
        marks = marks.ljust(cells(text[: low - 1])) + "+" * cells(text[low - 1 : high - 1])
    return FixedLine(number, text, marks.rstrip(), ranges[0][0])
