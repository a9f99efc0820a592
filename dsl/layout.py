"""A file laid out in canonical style, comments in their places."""

from __future__ import annotations

from bisect import bisect_left

from servec.dsl.inline import after_value, before_value, header, inline_statement, inline_value
from servec.dsl.tree import Assert, Block, Items, Let, Relation

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import Any, TypeAlias

    from servec.dsl.tree import File, Statement, Value

    Node: TypeAlias = "Statement | Value"
    Put: TypeAlias = Callable[[Any, str], None]
    Element: TypeAlias = "tuple[int, int, Node | None]"  # start, end; None for a comment

WIDTH = 100
STEP = "  "


class Layout:
    """Lays out one file that has no syntax errors."""

    def __init__(self, file: File) -> None:
        """Nothing is written yet."""
        self.file = file
        self.source = file.text
        self._comment_starts = [start for start, _ in file.comments]
        self._lines: list[str] = []

    def text(self) -> str:
        """The whole file, with LF line ends and one at its end."""
        from servec.dsl.top_order import top_order

        start, end = self.file.pragma
        before = self.region((), 0, start)
        self._write(before, None, "")
        if before and self.breaks(before[-1][1], start) > 1:
            self._lines.append("")
        self._lines.append("servec 1")
        elements = self.region(self.file.statements, end, len(self.source))
        if elements and elements[0][2] is None and not self.breaks(end, elements[0][0]):
            first = elements.pop(0)
            self._write([first], end, "")
            end = first[1]
        chunks = top_order(self, elements, end)
        if chunks is None:
            self._write(elements, end, "")
        for blank, chunk in chunks or ():
            if blank:
                self._lines.append("")
            self._write(chunk, None, "")
        text = "\n".join(self._lines) + "\n"
        return text if text.isascii() else text.encode("latin-1").decode("utf-8")

    def region(self, nodes: Sequence[Node], start: int, end: int) -> list[Element]:
        """The nodes and the comments between and around them, in order."""
        found: list[Element] = []
        at = start
        for node in nodes:
            found.extend(self._comments(at, node.start))
            found.append((node.start, node.end, node))
            at = node.end
        found.extend(self._comments(at, end))
        return found

    def _comments(self, start: int, end: int) -> list[Element]:
        first = bisect_left(self._comment_starts, start)
        last = bisect_left(self._comment_starts, end)
        return [(a, b, None) for a, b in self.file.comments[first:last]]

    def breaks(self, start: int, end: int) -> int:
        """How many line ends lie between two offsets."""
        return self.source.count("\n", start, end)

    def _write(
        self,
        elements: Iterable[Element],
        behind: int | None,
        indent: str,
        first: bool = False,
        put: Put | None = None,
    ) -> None:
        """Write elements, the first of them behind the offset `behind`, else on a fresh line.

        `put` writes a node that is no comment: a statement, if not an item of a list.

        A comment on the line of what stands before it goes on that line. One blank line is kept
        where the author left any, but not before the `first` line of a block or list.
        """
        write: Put = put or self._statement
        for start, end, node in elements:
            breaks = 1 if behind is None else self.breaks(behind, start)
            behind = end
            if node is None and breaks == 0:
                self._lines[-1] += f" {self._comment(start, end)}"
                continue
            if breaks > 1 and not first:
                self._lines.append("")
            first = False
            if node is None:
                self._lines.append(indent + self._comment(start, end))
            else:
                write(node, indent)

    def _item(self, node: Value, indent: str) -> None:
        self._value("", node, ",", indent)

    def _comment(self, start: int, end: int) -> str:
        return self.source[start:end].rstrip()

    def _statement(self, node: Statement, indent: str) -> None:
        if type(node) is Block:
            self._block(node, indent)
        elif type(node) is Relation or type(node) is Let or type(node) is Assert:
            self._value(before_value(node), node.value, after_value(node, self.source), indent)
        else:
            self._lines.append(indent + inline_statement(node, self.source))

    def _block(self, node: Block, indent: str) -> None:
        if self._may_be_inline(node):
            line = indent + inline_statement(node, self.source)
            if _width(line) <= WIDTH:
                self._lines.append(line)
                return
        self._lines.append(f"{indent}{header(node, self.source)} {{")
        elements = self.region(node.body, node.open + 1, node.end - 1)
        self._write(elements, node.open + 1, indent + STEP, first=True)
        self._lines.append(indent + "}")

    def _may_be_inline(self, node: Block) -> bool:
        """Whether the author began on the line of `{` and nothing inside needs lines of its own."""
        if self._opens_line(node.open) or self._comments(node.open, node.end):
            return False
        return not any(
            type(each) is Block or (isinstance(each, Relation) and self._is_broken(each.value))
            for each in node.body
        )

    def _opens_line(self, bracket: int) -> bool:
        """Whether the line ends right behind a bracket."""
        rest = bracket + 1
        while self.source[rest : rest + 1] in (" ", "\t", "\r"):
            rest += 1
        return self.source[rest : rest + 1] == "\n"

    def _is_broken(self, node: Value) -> bool:
        """Whether a value is a list that needs lines of its own, whatever its width."""
        if type(node) is not Items:
            return False
        if self._comments(node.start, node.end):
            return True
        return bool(node.items) and (node.broken or any(map(self._is_broken, node.items)))

    def _value(self, before: str, node: Value, after: str, indent: str) -> None:
        """A value with what stands around it; a list that is broken or too wide over lines."""
        if not self._is_broken(node):
            line = f"{indent}{before}{inline_value(node, self.source)}{after}"
            if type(node) is not Items or not node.items or _width(line) <= WIDTH:
                self._lines.append(line)
                return
        assert type(node) is Items
        self._lines.append(f"{indent}{before}[")
        elements = self.region(node.items, node.start + 1, node.end - 1)
        self._write(elements, node.start + 1, indent + STEP, first=True, put=self._item)
        self._lines.append(f"{indent}]{after}")


def _width(line: str) -> int:
    """Columns in code points; `line` has one character for each byte."""
    return len(line) if line.isascii() else len(line.encode("latin-1").decode("utf-8", "replace"))
