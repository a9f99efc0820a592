"""The header of a GGUF file: key-value pairs and tensor shapes, bounds checked.

Source: ggml docs/gguf.md, gguf 0.19.0 gguf_reader.py. Versions 2 and 3, little endian.
"""

from __future__ import annotations

import struct

from servec.compiler.catalogue.ingest.fields import BadConfig
from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

MAGIC = b"GGUF"
HEAD = 64 << 20
"""No header is longer: the largest vocabularies take about 10 MiB."""
MOST_TENSORS, MOST_KEYS, LONGEST_STRING = 200_000, 10_000, 1 << 20
KEPT_ITEMS = 4096
"""Longer arrays (vocabularies) are only counted."""
PLAIN = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
STRING, ARRAY = 8, 9


@record
class Tensor:
    """One tensor: its dimensions and the number of its type."""

    name: str
    dims: tuple[int, ...]
    type: int

    @property
    def elements(self) -> int:
        """The product of the dimensions."""
        count = 1
        for dim in self.dims:
            count *= dim
        return count


@record
class Counted:
    """An array that was only counted."""

    length: int


@record
class Header:
    """All that stands before the data."""

    keys: Mapping[str, Any]
    tensors: tuple[Tensor, ...]


def read_header(data: bytes) -> Header:
    """The header of a file that begins with `data`; `BadConfig` where it is none or cut short."""
    try:
        return _read(_Cursor(data))
    except (struct.error, UnicodeDecodeError, IndexError):
        raise BadConfig("the GGUF header is cut short or damaged") from None


class _Cursor:
    """Reads forward through the bytes."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.place = 0

    def take(self, kind: str) -> Any:
        """One number of a `struct` kind."""
        (value,) = struct.unpack_from("<" + kind, self.data, self.place)
        self.place += struct.calcsize("<" + kind)
        return value

    def skip(self, count: int) -> None:
        """Go on by `count` bytes."""
        if count < 0 or self.place + count > len(self.data):
            raise IndexError
        self.place += count

    def text(self, keep: bool = True) -> str:
        """A length and that many bytes of UTF-8."""
        length = self.take("Q")
        if length > LONGEST_STRING:
            raise IndexError
        start = self.place
        self.skip(length)
        return self.data[start : self.place].decode() if keep else ""

    def value(self, kind: int) -> Any:
        """A value of a GGUF type; long arrays are counted."""
        if kind == STRING:
            return self.text()
        if kind == ARRAY:
            return self._array()
        if kind not in PLAIN:
            raise IndexError
        return self.take(PLAIN[kind])

    def _array(self) -> Any:
        kind, length = self.take("I"), self.take("Q")
        if length > len(self.data):
            raise IndexError
        if length <= KEPT_ITEMS and kind != ARRAY:
            return tuple(self.value(kind) for _ in range(length))
        if kind in PLAIN:
            self.skip(length * struct.calcsize("<" + PLAIN[kind]))
        elif kind == STRING:
            for _ in range(length):
                self.text(keep=False)
        else:
            raise IndexError
        return Counted(length)


def _read(cursor: _Cursor) -> Header:
    if cursor.data[:4] != MAGIC:
        raise BadConfig("the file is no GGUF file")
    cursor.skip(4)
    if cursor.take("I") not in (2, 3):
        raise BadConfig("the GGUF version is not 2 or 3")
    tensors, keys = cursor.take("Q"), cursor.take("Q")
    if tensors > MOST_TENSORS or keys > MOST_KEYS:
        raise IndexError
    pairs = {}
    for _ in range(keys):
        name = cursor.text()
        pairs[name] = cursor.value(cursor.take("I"))
    return Header(pairs, tuple(_tensor(cursor) for _ in range(tensors)))


def _tensor(cursor: _Cursor) -> Tensor:
    name, count = cursor.text(), cursor.take("I")
    if count > 8:
        raise IndexError
    dims = tuple(cursor.take("Q") for _ in range(count))
    if any(dim > 1 << 32 for dim in dims):
        raise IndexError
    kind = cursor.take("I")
    cursor.take("Q")
    return Tensor(name, dims, kind)
