"""Findings for a terminal: the guilty lines, the sum, and what to write instead."""

from __future__ import annotations

from servec.cli.render.fixed import fixed_lines
from servec.cli.render.lines import Lines
from servec.cli.render.paint import Paint
from servec.cli.render.shown import cells, shown
from servec.cli.render.summary import summary

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from servec.cli.render.fixed import FixedLine
    from servec.dsl.diagnostic import Diagnostic, Fix, Label

    Read = Callable[[str], bytes | None]

LIMIT = 20
WIDEST = 400


def render_text(
    diagnostics: Sequence[Diagnostic], read: Read, names: Sequence[str], color: bool = False
) -> str:
    """All findings (at most 20, then a count) and the summary line; "" where there are none.

    `names` are the files that were asked for.
    """
    if not diagnostics:
        return ""
    files = _Files(read)
    paint = Paint(color)
    blocks = [_Block(item, files, paint).text() for item in diagnostics[:LIMIT]]
    left = len(diagnostics) - LIMIT
    if left > 0:
        blocks.append(f"... and {left} more")
    blocks.append(summary(diagnostics, names))
    return "\n\n".join(blocks) + "\n"


class _Files:
    """Line tables of the files that findings point into, made once."""

    def __init__(self, read: Read) -> None:
        self._read = read
        self._held: dict[str, Lines] = {}

    def __getitem__(self, file: str) -> Lines:
        if file not in self._held:
            self._held[file] = Lines(self._read(file) or b"")
        return self._held[file]


class _Mark:
    """One label placed: its line and the cells it covers."""

    def __init__(self, label: Label, lines: Lines, primary: bool) -> None:
        self.label = label
        self.primary = primary
        self.line, self.column = lines.at(label.span.start)
        end_line, end = lines.at(label.span.end)
        text = lines.text(self.line)
        if end_line > self.line:
            end = len(text) + 1
        self.before = cells(text[: self.column - 1])
        self.width = max(1, cells(text[self.column - 1 : end - 1]))


class _Block:
    """One finding being written."""

    def __init__(self, item: Diagnostic, files: _Files, paint: Paint) -> None:
        self.item = item
        self.files = files
        self.paint = paint
        self.marks: dict[str, list[_Mark]] = {}
        for label in (item.primary, *item.secondary):
            file = label.span.file
            mark = _Mark(label, files[file], label is item.primary)
            self.marks.setdefault(file, []).append(mark)
        numbers = [mark.line for marks in self.marks.values() for mark in marks]
        self.fix = self._fixed(item.fixes[0]) if item.fixes else {}
        numbers += [line.number for lines in self.fix.values() for line in lines]
        self.digits = len(str(max(numbers)))
        self.out: list[str] = []

    def _fixed(self, fix: Fix) -> dict[str, tuple[FixedLine, ...]]:
        files = {edit.span.file for edit in fix.edits}
        return {
            file: fixed_lines(self.files[file].data, [e for e in fix.edits if e.span.file == file])
            for file in sorted(files, key=lambda f: (f != self.item.primary.span.file, f))
        }

    def text(self) -> str:
        item = self.item
        head = self.paint(item.severity, f"{item.severity}[{item.code}]")
        self.out.append(f"{head}{self.paint('bold', ': ' + shown(item.title))}")
        if item.primary.span.file:
            for file, marks in self.marks.items():
                self._snippet(file, marks)
        if item.figures or item.fixes:
            self._gutter()
        equals = self.paint("gutter", f"{' ' * (self.digits + 1)}=")
        for figure in item.figures:
            if figure.text:
                self.out.append(f"{equals} {shown(figure.text)}".rstrip())
        if item.fixes:
            self.out.append(f"{equals} fix: {shown(item.fixes[0].title)}")
            self._fix_lines()
        return "\n".join(self.out)

    def _gutter(self, rest: str = "") -> None:
        bar = self.paint("gutter", f"{' ' * (self.digits + 1)}|")
        self.out.append(f"{bar} {rest}" if rest else bar)

    def _source(self, number: int, text: str) -> None:
        gutter = self.paint("gutter", f"{number:>{self.digits}} |")
        self.out.append(f"{gutter} {shown(text)}".rstrip())

    def _arrow(self, file: str, line: int, column: int) -> None:
        arrow = self.paint("gutter", f"{' ' * self.digits}-->")
        self.out.append(f"{arrow} {shown(file)}:{line}:{column}")

    def _snippet(self, file: str, marks: list[_Mark]) -> None:
        first = marks[0]
        self._arrow(file, first.line, first.column)
        self._gutter()
        lines = self.files[file]
        last = 0
        for number in sorted({mark.line for mark in marks}):
            if last and number > last + 1:
                self.out.append(self.paint("gutter", "..."))
            last = number
            here = [mark for mark in marks if mark.line == number]
            text, cut = _window(lines.text(number), here[0].column)
            self._source(number, text)
            for mark in here:
                self._carets(mark, cut)

    def _carets(self, mark: _Mark, cut: int) -> None:
        kind = self.item.severity if mark.primary else "secondary"
        sign = ("^" if mark.primary else "-") * min(mark.width, WIDEST)
        said = f"{sign} {shown(mark.label.text)}".rstrip()
        self._gutter(" " * max(0, mark.before - cut) + self.paint(kind, said))

    def _fix_lines(self) -> None:
        for file, lines in self.fix.items():
            if file != self.item.primary.span.file and lines:
                self._arrow(file, lines[0].number, 1)
            last = 0
            for line in lines:
                if last and line.number > last + 1:
                    self.out.append(self.paint("gutter", "..."))
                last = line.number
                text, cut = _window(line.text, line.column)
                self._source(line.number, text)
                plus = line.marks[cut:][: WIDEST + 1].rstrip()
                if plus:
                    self._gutter(self.paint("plus", plus) if plus.strip() else "")


def _window(text: str, column: int) -> tuple[str, int]:
    """The part of a very long line around `column`, and the cells cut off before it."""
    if len(text) <= WIDEST:
        return text, 0
    start = max(0, column - 1 - WIDEST // 4)
    part = text[start : start + WIDEST]
    head = "..." if start else ""
    tail = "..." if start + WIDEST < len(text) else ""
    return f"{head}{part}{tail}", cells(text[:start]) - len(head)
