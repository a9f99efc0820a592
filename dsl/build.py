"""Makes the tree: one method for each alternative of the grammar that names it."""

from __future__ import annotations

import re

from servec.dsl.tree import (
    Assert,
    Block,
    Broken,
    Count,
    Import,
    Items,
    Let,
    Number,
    Reference,
    Relation,
    Text,
    Unset,
    Word,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from servec.dsl.scan import Tokens
    from servec.dsl.tree import Statement

_ESCAPES = {"n": "\n", "t": "\t"}


class Build:
    """Reductions of one parse. Terminals arrive as token numbers, the rest as what was made."""

    __slots__ = ("_ends", "_kinds", "_starts", "_text", "statements")

    def __init__(self, tokens: Tokens) -> None:
        """Build from `tokens`, whose lists may still be repaired."""
        self._text = tokens.text
        self._kinds = tokens.kinds
        self._starts = tokens.starts
        self._ends = tokens.ends
        self.statements: tuple[Statement, ...] = ()

    def _word(self, token: int) -> Word:
        start, end = self._starts[token], self._ends[token]
        return Word(start, end, self._text[start:end])

    def skip(self, _: list[Any]) -> None:
        """Separators leave nothing."""

    def same(self, parts: list[Any]) -> int:
        """A relation sign or a label: its token."""
        token: int = parts[0]
        return token

    def first(self, parts: list[Any]) -> list[Any]:
        """The first of a list."""
        return [parts[0]]

    def more(self, parts: list[Any]) -> list[Any]:
        """The list with one more."""
        found: list[Any] = parts[0]
        found.append(parts[2])
        return found

    def empty(self, _: list[Any]) -> tuple[Statement, ...]:
        """A body of no statements."""
        return ()

    def body(self, parts: list[Any]) -> tuple[Statement, ...]:
        """The statements between separators."""
        return tuple(parts[0] if parts[0] is not None else parts[1])

    def pragma(self, _: list[Any]) -> None:
        """The pragma is read before the parse."""

    def file(self, parts: list[Any]) -> None:
        """Keep the statements of the file."""
        for part in parts:
            if part is not None:
                self.statements = tuple(part)

    def import_(self, parts: list[Any]) -> Import:
        """`import "path" as alias`."""
        return Import(
            self._starts[parts[0]],
            self._ends[parts[3]],
            self.text([parts[1]]),
            self._word(parts[3]),
        )

    def let(self, parts: list[Any]) -> Let:
        """`let name = value`."""
        return Let(self._starts[parts[0]], parts[3].end, self._word(parts[1]), parts[3])

    def unset(self, parts: list[Any]) -> Unset:
        """`unset path`."""
        return Unset(self._starts[parts[0]], self._ends[parts[1]], self._word(parts[1]))

    def assert_(self, parts: list[Any]) -> Assert:
        """`assert path op value else "why"`."""
        kind: Any = self._kinds[parts[2]]
        return Assert(
            self._starts[parts[0]],
            self._ends[parts[5]],
            self._word(parts[1]),
            kind,
            parts[3],
            self.text([parts[5]]),
        )

    def relation(self, parts: list[Any]) -> Relation:
        """`name op value`."""
        token, op, value = parts
        start = self._starts[token]
        kind: Any = self._kinds[op]
        return Relation(start, value.end, self._text[start : self._ends[token]], kind, value)

    def block(self, parts: list[Any]) -> Block:
        """`name { body }`."""
        token, opening, body, closing = parts
        start = self._starts[token]
        name = self._text[start : self._ends[token]]
        return Block(start, self._ends[closing], name, None, self._starts[opening], body)

    def labelled(self, parts: list[Any]) -> Block:
        """`name label { body }`."""
        token, label, opening, body, closing = parts
        start = self._starts[token]
        name = self._text[start : self._ends[token]]
        made = self.text([label]) if self._kinds[label] == "STRING" else self._word(label)
        return Block(start, self._ends[closing], name, made, self._starts[opening], body)

    def broken(self, parts: list[Any]) -> Broken:
        """What the recovery put for a statement it could not read."""
        return Broken(self._starts[parts[0]], self._ends[parts[0]], ())

    def broken_block(self, parts: list[Any]) -> Broken:
        """A block behind a header that could not be read."""
        return Broken(self._starts[parts[0]], self._ends[parts[3]], parts[2])

    def number(self, parts: list[Any]) -> Number:
        """A number with or without a unit."""
        start, last = self._starts[parts[0]], parts[-1]
        number = self._text[start : self._ends[parts[0]]]
        unit = self._text[self._starts[last] : self._ends[last]] if len(parts) > 1 else ""
        return Number(start, self._ends[last], number, unit)

    def count(self, parts: list[Any]) -> Count:
        """`kind x number`."""
        kind, _, number = parts
        start, end = self._starts[kind], self._ends[number]
        digits = self._text[self._starts[number] : end]
        return Count(start, end, self._text[start : self._ends[kind]], digits)

    def word(self, parts: list[Any]) -> Word:
        """A bare word."""
        return self._word(parts[0])

    def text(self, parts: list[Any]) -> Text:
        """A string, its escapes and its UTF-8 read."""
        start, end = self._starts[parts[0]], self._ends[parts[0]]
        closed = self._text[end - 1] == '"'
        inner = self._text[start + 1 : end - closed]
        if not inner.isascii():
            inner = inner.encode("latin-1").decode("utf-8", "replace")
        if "\\" in inner:
            inner = re.sub(r"\\(.)", lambda m: _ESCAPES.get(m[1], m[1]), inner)
        return Text(start, end, inner)

    def reference(self, parts: list[Any]) -> Reference:
        """`$name`."""
        start, end = self._starts[parts[0]], self._ends[parts[0]]
        return Reference(start, end, self._text[start + 1 : end])

    def items(self, parts: list[Any]) -> Items:
        """`[a, b]`."""
        found: list[Any] = next((part for part in parts if type(part) is list), [])
        broken = parts[1] == parts[0] + 1 and self._kinds[parts[0] + 1] == "NL"
        start, end = self._starts[parts[0]], self._ends[parts[-1]]
        return Items(start, end, tuple(found), broken)
