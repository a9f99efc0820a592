"""The syntax tree of a file. Positions are byte offsets into the file as it is on disk."""

from __future__ import annotations

from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal, TypeAlias

    from servec.dsl.diagnostic import Diagnostic

    Op = Literal["=", "<=", ">="]
    Value: TypeAlias = "Number | Count | Word | Text | Reference | Items"
    Statement: TypeAlias = "Import | Let | Unset | Assert | Relation | Block | Broken"


@record
class Number:
    """`16Ki tokens`: `number` and `unit` as written; `unit` is empty for a bare number."""

    start: int
    end: int
    number: str
    unit: str


@record
class Count:
    """`h200 x 8`."""

    start: int
    end: int
    kind: str
    number: str


@record
class Word:
    """A bare word."""

    start: int
    end: int
    text: str


@record
class Text:
    """A string; `text` is what it stands for, without quotes and escapes."""

    start: int
    end: int
    text: str


@record
class Reference:
    """`$name`; `name` has no `$`."""

    start: int
    end: int
    name: str


@record
class Items:
    """`[a, b]`; `broken` where the author put a line end after `[`."""

    start: int
    end: int
    items: tuple[Value, ...]
    broken: bool


@record
class Import:
    """`import "path" as alias`."""

    start: int
    end: int
    path: Text
    alias: Word


@record
class Let:
    """`let name = value`."""

    start: int
    end: int
    name: Word
    value: Value


@record
class Unset:
    """`unset path`."""

    start: int
    end: int
    path: Word


@record
class Assert:
    """`assert path op value else "why"`."""

    start: int
    end: int
    path: Word
    op: Op
    value: Value
    why: Text


@record
class Relation:
    """`name op value`; the name begins at `start`."""

    start: int
    end: int
    name: str
    op: Op
    value: Value


@record
class Block:
    """`name label { body }`; `open` is the offset of `{`, the name begins at `start`."""

    start: int
    end: int
    name: str
    label: Word | Text | None
    open: int
    body: tuple[Statement, ...]


@record
class Broken:
    """A statement that could not be read; `body` of one that opened a block."""

    start: int
    end: int
    body: tuple[Statement, ...]


@record
class File:
    """One file. `text` holds one character for each byte, so that offsets index it.

    `comments` are the spans of the comments, in order. `whole` is false where the structure is in
    doubt (a brace missing, reading given up), so that what was not found may only be unread.
    `strays` are the offsets of `}` that close nothing.
    """

    path: str
    text: str
    statements: tuple[Statement, ...]
    comments: tuple[tuple[int, int], ...]
    pragma: tuple[int, int]
    diagnostics: tuple[Diagnostic, ...]
    whole: bool
    strays: tuple[int, ...] = ()


def shown(text: str) -> str:
    """A piece of a file's `text` as people read it."""
    return text if text.isascii() else text.encode("latin-1").decode("utf-8", "replace")
