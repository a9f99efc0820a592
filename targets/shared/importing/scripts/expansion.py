"""What the words of a shell script become: variables, arrays, sums, and a few harmless commands.

Where something is not known, what stands for it is kept as it is written.
"""

from __future__ import annotations

import re

from servec.targets.shared.importing.scripts.arithmetic import total
from servec.targets.shared.importing.scripts.cutting import cut_off, glob, halves, span
from servec.targets.shared.importing.scripts.shell import OPEN, Lexer, closing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from servec.targets.shared.importing.scripts.pieces import Piece, Word

    Value = str | list[str]

BLANKS = re.compile(r"[ \t\n]+")
LONGEST = 100_000
"""Words that expansions may make in all, and characters of one."""
NESTED = 6


class Expansion:
    """The variables that are set so far, and what a word becomes with them.

    `calls`: the words of the call that is being read; None for those of the script itself.
    """

    def __init__(self, variables: Mapping[str, str]) -> None:
        """`variables`: those known from outside. `files`: texts written so far, by path."""
        self.variables: dict[str, Value] = dict(variables)
        self.calls: list[str] | None = None
        self.files: dict[str, str] = {}
        self.made = 0
        self.joined = False
        self.depth = 0

    def words(self, word: Word) -> list[str]:
        """The words that one word becomes: none for an empty variable, several for an array."""
        made: list[str] = []
        current: str | None = None
        for piece in word.pieces:
            texts, splits = self._texts(piece)
            for at, text in enumerate(texts):
                if at and current is not None:
                    made.append(current)
                    current = text
                else:
                    current = (current or "") + text
            if not texts and piece.quoted and not piece.every and not splits:
                current = current or ""
        if current is not None:
            made.append(current)
        if made == [""] and any(piece.every for piece in word.pieces):
            made = []
        self.made += len(made)
        return made if self.made < LONGEST else []

    def whole(self, word: Word) -> str:
        """What one word becomes where none is split."""
        self.joined = True
        made = self.text(word)
        self.joined = False
        return made

    def text(self, word: Word) -> str:
        """What one word becomes, as a text."""
        return " ".join(self.words(word))

    def filled(self, text: str) -> str:
        """A text with its variables filled in, as in double quotes."""
        if self.depth > NESTED:
            return text
        self.depth += 1
        made = self.text(Lexer(text).document())
        self.depth -= 1
        return made

    def plain(self) -> dict[str, str]:
        """The variables that are no arrays."""
        held = self.variables.items()
        return {name: value for name, value in held if isinstance(value, str)}

    def _texts(self, piece: Piece) -> tuple[list[str], bool]:
        """The texts of a piece, and whether it may fall apart at blanks."""
        if piece.sum:
            found = total(piece.text[3:-2], self.plain())
            return [piece.text if found is None else str(found)], False
        if piece.run:
            found_text = self._run(piece.text[2:-1])
            return self._split(piece, piece.text if found_text is None else found_text)
        if not piece.name:
            return [piece.text], False
        value = self._held(piece)
        if piece.length:
            return [piece.text if value is None else str(len(value))], False
        if piece.sign[-1:] in ("-", "=", "+", "?"):
            return self._either(piece, value)
        if value is None:
            return self._split(piece, piece.text)
        if piece.sign:
            value = self._every(piece, value)
        return self._said(piece, value)

    def _said(self, piece: Piece, value: Value) -> tuple[list[str], bool]:
        if isinstance(value, list):
            if piece.every:
                return ([" ".join(value)], False) if _joins(piece) else (value, True)
            value = value[0] if value else ""
        return self._split(piece, value[:LONGEST])

    def _held(self, piece: Piece) -> Value | None:
        """The value of a piece's variable, None for one that nothing sets."""
        if piece.name in ("@", "*", "#"):
            words = self.calls or []
            return str(len(words)) if piece.name == "#" else list(words)
        if piece.name.isdigit():
            at = int(piece.name) - 1
            return None if self.calls is None or at < 0 else "".join(self.calls[at : at + 1])
        value = self.variables.get(piece.name)
        if piece.item.lstrip("-").isdigit() and value is not None:
            many = value if isinstance(value, list) else [value]
            at = int(piece.item) + (len(many) if piece.item[0] == "-" else 0)
            return "".join(many[at : at + 1]) if at >= 0 else ""
        return value

    def _either(self, piece: Piece, value: Value | None) -> tuple[list[str], bool]:
        """`${name:-rest}` and `${name:+rest}`; an empty one counts as unset with or without `:`."""
        if piece.sign[-1] == "+":
            return self._rest(piece) if value else ([], True)
        if value:
            return self._said(piece, value)
        if piece.sign[-1] == "?":
            return self._split(piece, piece.text)
        made = self._rest(piece)
        if piece.sign[-1] == "=":
            self.variables[piece.name] = " ".join(made[0])
        return made

    def _rest(self, piece: Piece) -> tuple[list[str], bool]:
        if self.depth > NESTED:
            return [piece.rest], False
        if piece.quoted:
            return [self.filled(piece.rest.replace('"', ""))], False
        self.depth += 1
        made = [text for word in Lexer(piece.rest).words() for text in self._inner(word)]
        self.depth -= 1
        return made, True

    def _inner(self, word: Word) -> list[str]:
        return [word.operator] if word.operator else self.words(word)

    def _every(self, piece: Piece, value: Value) -> Value:
        """`_changed`, of all items; `${name[@]:1}` is some of them."""
        if not isinstance(value, list):
            return self._changed(piece, value)
        if piece.sign != ":":
            return [self._changed(piece, item) for item in value]
        start, end = span(self.filled(piece.rest))
        return value[start:end]

    def _changed(self, piece: Piece, value: str) -> str:
        """A value cut, replaced in or in other letters: `${name%rest}`, `${name/old/new}`."""
        sign, rest = piece.sign, self.filled(piece.rest)
        if sign in (",,", "^^"):
            return value.lower() if sign == ",," else value.upper()
        if sign == ":":
            start, end = span(rest)
            return value[start:end]
        if len(value) > 1000 or len(rest) > 200:
            return piece.text
        if sign in ("/", "//"):
            old, new = halves(rest)
            return re.sub(glob(old), lambda _: new, value, count=sign == "/")
        return cut_off(value, rest, sign)

    def _split(self, piece: Piece, value: str) -> tuple[list[str], bool]:
        if piece.quoted or self.joined or value == piece.text:
            return [value], False
        return blanks(value), True

    def _run(self, inner: str) -> str | None:
        """What a command prints that only prints; None where that is not known."""
        from servec.targets.shared.importing.scripts.printed import printed

        if self.depth > NESTED or len(inner) > LONGEST:
            return None
        lexer, words = Lexer(inner + "\n"), list[str]()
        self.depth += 1
        for word in lexer.words():
            if word.operator not in ("", "\n", "<<"):
                words = []
                break
            words += [] if word.operator else self.words(word)
        self.depth -= 1
        bodies = [self.filled(body.text) if body.filled else body.text for body in lexer.bodies]
        return printed(words, bodies, self.files)


def blanks(value: str) -> list[str]:
    """A value in its words; what a command would print is one of them."""
    made: list[str] = []
    at = 0
    while at < len(value):
        found = BLANKS.match(value, at)
        at = found.end() if found else at
        start = at
        while at < len(value) and value[at] not in " \t\n":
            at = closing(value, at + 1) if value.startswith("$(", at) else at + 1
        made += [value[start:at]] if at > start else []
    return made


def _joins(piece: Piece) -> bool:
    return piece.quoted and "*" in (piece.item, piece.name)


def known(words: Sequence[str]) -> bool:
    """Whether nothing in words is left as it was written."""
    return not any(OPEN.search(word) for word in words)
