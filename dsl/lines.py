"""Byte offsets to lines and columns, and back to the text of a line."""

from __future__ import annotations

from bisect import bisect_right


class Lines:
    """The lines of one file. Lines and columns count from 1, columns in code points."""

    def __init__(self, data: bytes) -> None:
        """Find the line starts of `data`; a line ends in LF, with or without CR before it."""
        self._data = data
        self._starts = [0]
        at = data.find(b"\n")
        while at >= 0:
            self._starts.append(at + 1)
            at = data.find(b"\n", at + 1)

    @property
    def count(self) -> int:
        """How many lines there are; one that holds nothing behind the last line end counts."""
        return len(self._starts)

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of a byte offset; one past the end is the end."""
        offset = max(0, min(offset, len(self._data)))
        line = bisect_right(self._starts, offset)
        before = self._data[self._starts[line - 1] : offset]
        if line == 1 and before.startswith(b"\xef\xbb\xbf"):
            before = before[3:]
        return line, len(before.decode("utf-8", "replace")) + 1

    def line(self, number: int) -> str:
        """The text of a line without its line end or byte order mark; "" where there is none."""
        if not 1 <= number <= len(self._starts):
            return ""
        end = self._starts[number] if number < len(self._starts) else len(self._data)
        text = self._data[self._starts[number - 1] : end].decode("utf-8", "replace")
        return text.rstrip("\r\n").removeprefix("\ufeff" if number == 1 else "")

    def start(self, number: int) -> int:
        """The byte offset at which a line begins."""
        return self._starts[min(max(number, 1), len(self._starts)) - 1]
