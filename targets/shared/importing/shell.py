"""Reads the words of a shell script without running anything: quotes, continuations, variables.

A command substitution, arithmetic or an unknown variable stays in its word as it is written. Bodies
of here documents are kept apart; of `if` and loops every branch is read in order.
"""

from __future__ import annotations

import re

from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

LONG = 2000
"""Characters of an expansion at most."""
SPACE, OPERATORS = " \t\r", ";&|()<>\n"
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
BRACED = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)(\[[@*]\])?(?:(:?[-=])(.*))?", re.DOTALL)
DEFAULTED = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)(?::?-([^{}]*))?\}")
NESTED = 8
"""How deep a default may stand in a default."""
HEREDOC = re.compile(r"<<-?[ \t]*(['\"]?)([A-Za-z_][A-Za-z0-9_]*)\1")


@record
class Piece:
    """Part of a word: `text`, or the variable `name` with what stands for it where it is unset.

    `quoted`: it is not split at blanks. `every`: all items of an array. `sum`: `text` is `$((…))`.
    """

    text: str = ""
    name: str = ""
    default: str | None = None
    quoted: bool = False
    every: bool = False
    sum: bool = False


@record
class Word:
    """The pieces of one word; an operator (`;`, `&&`, a line end) has its text in `operator`."""

    pieces: tuple[Piece, ...] = ()
    operator: str = ""


@record
class Body:
    """A here document; `filled`: variables in it are."""

    text: str
    filled: bool


class Lexer:
    """Splits a script into words and operators, in one pass."""

    def __init__(self, text: str) -> None:
        """`text` without continued lines. `bodies`: here documents of the line that just ended."""
        self.text = re.sub(r"\\\r?\n", " ", text)
        self.at = 0
        self.ends: list[tuple[str, bool]] = []
        self.bodies: list[Body] = []

    def words(self) -> Iterator[Word]:
        """Words and operators in order."""
        text = self.text
        while self.at < len(text):
            c = text[self.at]
            if c in SPACE:
                self.at += 1
            elif c == "#":
                self.at = _line_end(text, self.at)
            elif c in OPERATORS:
                yield self._operator(c)
            else:
                yield Word(tuple(self._word()))

    def _operator(self, c: str) -> Word:
        here = HEREDOC.match(self.text, self.at)
        if here and not self.text.startswith("<<<", self.at):
            self.ends.append((here[2], not here[1]))
            self.at = here.end()
            return Word((), "<<")
        self.at += 1
        if c == "\n":
            self.bodies = [self._body(end, filled) for end, filled in self.ends]
            self.ends = []
        return Word((), c)

    def _body(self, end: str, filled: bool) -> Body:
        start = self.at
        found = re.compile(rf"^[ \t]*{end}[ \t]*$", re.MULTILINE).search(self.text, start)
        self.at = found.end() if found else len(self.text)
        return Body(self.text[start : found.start() if found else len(self.text)], filled)

    def _word(self) -> Iterator[Piece]:
        text = self.text
        while self.at < len(text) and text[self.at] not in SPACE + OPERATORS:
            c = text[self.at]
            if c == "'":
                end = text.find("'", self.at + 1)
                end = len(text) if end < 0 else end
                yield Piece(text[self.at + 1 : end], quoted=True)
                self.at = end + 1
            elif c == '"':
                yield from self._double()
            elif c == "\\":
                yield Piece(text[self.at + 1 : self.at + 2], quoted=True)
                self.at += 2
            elif c == "$":
                yield self._dollar(False)
            else:
                yield self._plain()

    def _plain(self) -> Piece:
        start = self.at
        while self.at < len(self.text) and self.text[self.at] not in SPACE + OPERATORS + "'\"\\$":
            self.at += 1
        return Piece(self.text[start : self.at])

    def _double(self) -> Iterator[Piece]:
        text = self.text
        self.at += 1
        yield Piece("", quoted=True)
        while self.at < len(text) and text[self.at] != '"':
            if text[self.at] == "$":
                yield self._dollar(True)
            elif text[self.at] == "\\" and text[self.at + 1 : self.at + 2] in ('"', "\\", "$", "`"):
                yield Piece(text[self.at + 1], quoted=True)
                self.at += 2
            else:
                start = self.at
                self.at += 1
                while self.at < len(text) and text[self.at] not in '"$\\':
                    self.at += 1
                yield Piece(text[start : self.at], quoted=True)
        self.at += 1

    def _dollar(self, quoted: bool) -> Piece:
        text, start = self.text, self.at
        if text.startswith("${", start):
            end = _closed(text, start + 1)
            found = BRACED.fullmatch(text[start + 2 : end]) if end > 0 else None
            self.at = end + 1 if end > 0 else len(text)
            if found:
                return Piece(text[start : self.at], found[1], found[4], quoted, bool(found[2]))
            return Piece(text[start : self.at], quoted=True)
        if text.startswith("$(", start):
            self.at = _closing(text, start + 1)
            whole = text[start : self.at]
            plain = whole.startswith("$((") and whole.endswith("))")
            return Piece(whole, quoted=True, sum=plain)
        name = NAME.match(text, start + 1)
        self.at = name.end() if name else start + 1
        return Piece(text[start : self.at], name[0] if name else "", quoted=quoted)


def defaulted(text: str, known: Mapping[str, str]) -> str:
    """`${NAME:-default}` filled in from the inside out; what is not known stays as it stands."""

    def value(found: re.Match[str]) -> str:
        held = known.get(found[1])
        return held or (found[2] if found[2] is not None else found[0])

    for _ in range(NESTED):
        made = DEFAULTED.sub(value, text)
        if made == text:
            break
        text = made
    return text


def _closed(text: str, at: int) -> int:
    """The brace that closes the one at `at`, -1 for none within `LONG` characters."""
    depth = 0
    for place in range(at, min(len(text), at + LONG)):
        depth += (text[place] == "{") - (text[place] == "}")
        if not depth:
            return place
    return -1


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end


def _closing(text: str, at: int) -> int:
    """Behind the bracket that closes the one at `at`."""
    depth = 0
    for place in range(at, len(text)):
        depth += (text[place] == "(") - (text[place] == ")")
        if not depth:
            return place + 1
    return len(text)
