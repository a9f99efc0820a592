"""Byte offsets of a file as lines and columns."""

from __future__ import annotations

from bisect import bisect_right

BOM = b"\xef\xbb\xbf"


class Lines:
    """The lines of one file. Lines and columns count from 1, columns in code points."""

    def __init__(self, data: bytes) -> None:
        """Bytes that are no UTF-8 count as one code point each."""
        self.data = data
        self._first = len(BOM) if data.startswith(BOM) else 0
        starts = [self._first]
        at = data.find(b"\n")
        while at >= 0:
            starts.append(at + 1)
            at = data.find(b"\n", at + 1)
        self._starts = starts

    def __len__(self) -> int:
        """How many lines there are, the empty one after a last line end included."""
        return len(self._starts)

    def at(self, offset: int) -> tuple[int, int]:
        """Line and column of a byte offset; offsets past the end are the end."""
        offset = max(self._first, min(offset, len(self.data)))
        line = bisect_right(self._starts, offset)
        before = self.data[self._starts[line - 1] : offset]
        return line, len(before.decode("utf-8", "replace")) + 1

    def text(self, line: int) -> str:
        """The text of a line, without its line end."""
        if not 1 <= line <= len(self._starts):
            return ""
        end = self._starts[line] if line < len(self._starts) else len(self.data)
        return self.data[self._starts[line - 1] : end].decode("utf-8", "replace").rstrip("\r\n")
