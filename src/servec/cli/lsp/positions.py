"""Byte offsets of a file and the positions of the protocol: lines and UTF-16 units, from 0."""

from __future__ import annotations

from bisect import bisect_right


class Positions:
    """The lines of one text. Offsets outside of it are taken for its ends."""

    def __init__(self, data: bytes) -> None:
        """`data` is the text in UTF-8."""
        self._data = data
        self._starts = [0]
        at = data.find(b"\n")
        while at >= 0:
            self._starts.append(at + 1)
            at = data.find(b"\n", at + 1)

    def position(self, offset: int) -> tuple[int, int]:
        """(line, UTF-16 units from its start) of a byte offset."""
        offset = max(0, min(offset, len(self._data)))
        line = bisect_right(self._starts, offset) - 1
        before = self._data[self._starts[line] : offset].decode("utf-8", "replace")
        return line, len(before.encode("utf-16-le")) // 2

    def offset(self, line: int, character: int) -> int:
        """The byte offset of a position; past the end of a line it is that end."""
        if line >= len(self._starts):
            return len(self._data)
        start = self._starts[line]
        end = self._starts[line + 1] - 1 if line + 1 < len(self._starts) else len(self._data)
        text = self._data[start:end].decode("utf-8", "replace").rstrip("\r")
        head = text.encode("utf-16-le")[: 2 * character].decode("utf-16-le", "ignore")
        return start + len(head.encode())

    @property
    def end(self) -> tuple[int, int]:
        """The position behind the last character."""
        return self.position(len(self._data))
