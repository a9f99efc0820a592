"""Reads the words of a shell script without running anything: quotes, continuations, variables.

Bodies of here documents are kept apart. What the pieces of a word become is said in `expansion`.
"""

from __future__ import annotations

import re

from servec.targets.shared.importing.scripts.pieces import Body, Piece, Word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

LONG = 2000
"""Characters of an expansion at most."""
SPACE, OPERATORS = " \t\r", ";&|()<>\n"
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*|[0-9@*#]")
BRACED = re.compile(
    r"(#(?=.))?([A-Za-z_][A-Za-z0-9_]*|\d+|[@*#])(?:\[([@*]|-?\d+)\])?"
    r"(?:(:?[-=+?]|//?|%%?|##?|,,|\^\^|:(?=\d))(.*))?",
    re.DOTALL,
)
DEFAULTED = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)(?::?-([^{}]*))?\}")
NESTED = 8
"""How deep a default may stand in a default."""
OPEN = re.compile(r"\$(\{|\(|[A-Za-z_0-9@*#])")
"""The beginning of what nothing here knows."""
HEREDOC = re.compile(r"<<-?[ \t]*(['\"]?)([A-Za-z_][A-Za-z0-9_]*)\1")


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
        if self.text[self.at : self.at + 2] in (">&", "&>"):
            self.at += 2
            return Word(self._stream(self.at - 2), ">")
        self.at += 1
        if c in "<>":
            return Word(self._stream(self.at - 1), c)
        if c == "\n":
            self.bodies = [self._body(end, filled) for end, filled in self.ends]
            self.ends = []
        return Word((), c)

    def _stream(self, at: int) -> tuple[Piece, ...]:
        """The number that stands right before a redirection: `2>`."""
        digit = self.text[at - 1 : at]
        return (Piece(digit),) if digit.isdigit() and self.text[at] == ">" else ()

    def _body(self, end: str, filled: bool) -> Body:
        """The body up to its end; what stands before that on its line goes off every line."""
        start = self.at
        found = re.compile(rf"^([ \t]*){end}[ \t]*$", re.MULTILINE).search(self.text, start)
        self.at = found.end() if found else len(self.text)
        lines = self.text[start : found.start() if found else len(self.text)].splitlines(True)
        before = found[1] if found else ""
        return Body("".join(line.removeprefix(before) for line in lines), filled)

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
            elif c == "`":
                yield self._backticks()
            else:
                yield self._plain()

    def _plain(self) -> Piece:
        start = self.at
        while self.at < len(self.text) and self.text[self.at] not in SPACE + OPERATORS + "'\"\\$`":
            self.at += 1
        return Piece(self.text[start : self.at])

    def document(self) -> Word:
        """The whole text as one word, as the body of a here document is read."""
        return Word(tuple(self._until("", ("\\", "$", "`"))))

    def _double(self) -> Iterator[Piece]:
        self.at += 1
        yield Piece("", quoted=True)
        yield from self._until('"', ('"', "\\", "$", "`"))
        self.at += 1

    def _until(self, end: str, escaped: tuple[str, ...]) -> Iterator[Piece]:
        """The pieces up to a closing quote, or to the end of the text."""
        text = self.text
        while self.at < len(text) and text[self.at] != end:
            if text[self.at] == "$":
                yield self._dollar(True)
            elif text[self.at] == "`":
                yield self._backticks()
            elif text[self.at] == "\\" and text[self.at + 1 : self.at + 2] in escaped:
                yield Piece(text[self.at + 1], quoted=True)
                self.at += 2
            else:
                start = self.at
                self.at += 1
                while self.at < len(text) and text[self.at] not in (end or "$", "$", "\\", "`"):
                    self.at += 1
                yield Piece(text[start : self.at], quoted=True)

    def _backticks(self) -> Piece:
        start = self.at + 1
        end = self.text.find("`", start)
        self.at = end + 1 if end > 0 else len(self.text)
        return Piece(f"$({self.text[start : self.at - 1]})", quoted=True, run=True)

    def _dollar(self, quoted: bool) -> Piece:
        text, start = self.text, self.at
        if text.startswith("${", start):
            end = _closed(text, start + 1)
            found = BRACED.fullmatch(text[start + 2 : end]) if end > 0 else None
            self.at = end + 1 if end > 0 else len(text)
            whole = text[start : self.at]
            if not found:
                return Piece(whole, quoted=True)
            length, name, item, sign, rest = (part or "" for part in found.groups())
            return Piece(whole, name, quoted, item, sign, rest, bool(length))
        if text.startswith("$(", start):
            self.at = closing(text, start + 1)
            whole = text[start : self.at]
            plain = whole.startswith("$((") and whole.endswith("))")
            return Piece(whole, quoted=quoted or plain, run=not plain, sum=plain)
        name = NAME.match(text, start + 1)
        self.at = name.end() if name else start + 1
        return Piece(text[start : self.at], name[0] if name else "", quoted)


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


def closing(text: str, at: int) -> int:
    """Behind the bracket that closes the one at `at`."""
    depth = 0
    for place in range(at, len(text)):
        depth += (text[place] == "(") - (text[place] == ")")
        if not depth:
            return place + 1
    return len(text)
