"""The simple commands of a shell script, with their variables filled in."""

from __future__ import annotations

import re
from itertools import pairwise
from posixpath import normpath
from textwrap import dedent

from servec.targets.shared.importing.arithmetic import total
from servec.targets.shared.importing.conditions import Flow
from servec.targets.shared.importing.shell import Lexer, defaulted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from servec.targets.shared.importing.shell import Body, Piece, Word

    Variables = dict[str, "str | list[str]"]

ASSIGNED = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)(\+?)=(.*)", re.DOTALL)
KEYWORDS = ("do", "while", "until", "!", "{", "time")
DECLARE = ("export", "declare", "local", "readonly", "typeset")
LONGEST = 100_000
"""Words that expansions may make in all."""


class Script:
    """Goes through a script in order; `variables` are those that are set so far."""

    def __init__(self, text: str, env: Mapping[str, str]) -> None:
        """`env`: variables that are known from outside. `files`: texts that the script has
        written so far from here documents, by path; `due`: where those of this line go."""
        self.text = text
        self.variables: Variables = dict(env)
        self.exported = set(env)
        self.made = 0
        self.flow = Flow()
        self.files: dict[str, str] = {}
        self.due: list[str] = []

    def commands(self) -> Iterator[tuple[list[str], dict[str, str]]]:
        """Each simple command with the variables it sees; assignments are none."""
        held: list[Word] = []
        array: tuple[str, bool, list[str]] | None = None
        lexer = Lexer(self.text)
        for word in lexer.words():
            if array is not None:
                if word.operator == ")":
                    if self.flow.active:
                        self._set_array(*array)
                    array = None
                elif not word.operator:
                    array[2].extend(self.expand(word))
            elif word.operator == "(" and len(held) == 1 and _opens(held[0]):
                found = ASSIGNED.fullmatch(held[0].pieces[0].text)
                assert found
                array, held = (found[1], bool(found[2]), []), []
            elif word.operator in ("<", ">", "<<"):
                held.append(word)
            elif word.operator:
                yield from self._finish(held)
                self.flow.joined(word.operator)
                held = []
                if word.operator == "\n":
                    self._write(lexer.bodies)
            else:
                held.append(word)
        yield from self._finish(held)

    def expand(self, word: Word) -> list[str]:
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
        self.made += len(made)
        return made if self.made < LONGEST else []

    def _texts(self, piece: Piece) -> tuple[list[str], bool]:
        if piece.sum:
            found = total(piece.text[3:-2], self._plain())
            return [piece.text if found is None else str(found)], False
        if not piece.name:
            return [piece.text], False
        value = self.variables.get(piece.name)
        if value is None or (value == "" and piece.default is not None):
            value = piece.default if piece.default is not None else piece.text
            if piece.default and "${" in piece.default:
                value = defaulted(piece.default, self._plain())
        if isinstance(value, list):
            if piece.every:
                return value, True
            value = value[0] if value else ""
        value = value[:LONGEST]
        return ([value], False) if piece.quoted else (value.split(), True)

    def _write(self, bodies: Sequence[Body]) -> None:
        """Keep the here documents of a line as the files that they are written to."""
        for path, body in zip(self.due, bodies, strict=False):
            text = defaulted(body.text, self._plain()) if body.filled else body.text
            if path and self.flow.active:
                self.files[normpath(path)] = dedent(text)
        self.due = []

    def _finish(self, held: list[Word]) -> Iterator[tuple[list[str], dict[str, str]]]:
        self.due += self._targets(held)
        words = [text for word in _without_files(held) for text in self.expand(word)]
        words = list(self.flow.command(words))
        if words[:1] == ["sed"]:  # what it makes of a file is not known
            for word in words:
                self.files.pop(normpath(word), None)
        while words and words[0] in KEYWORDS:
            words.pop(0)
        if not self.flow.active:
            return
        own: dict[str, str] = {}
        declared = bool(words) and words[0] in DECLARE
        exports = declared and words[0] == "export"
        words = words[1:] if declared else words
        while words:
            found = ASSIGNED.fullmatch(words[0])
            if not found:
                if not declared:
                    break
                self.exported.update(words[:1] if exports else ())
                words.pop(0)
                continue
            own[found[1]] = found[3]
            words.pop(0)
        if words:
            yield words, {**self._seen(), **own}
        else:
            self.variables.update(own)
            self.exported.update(own if exports else ())

    def _targets(self, held: list[Word]) -> list[str]:
        """Where the here documents of a command go: `cat > FILE`, `tee FILE`; "" elsewhere."""
        count = sum(word.operator == "<<" for word in held)
        if not count:
            return []
        plain = [text for word in _without_files(held) for text in self.expand(word)]
        path = plain[-1] if plain[:1] == ["tee"] and len(plain) > 1 else ""
        for before, word in pairwise(held):
            if before.operator == ">" and not word.operator and plain[:1] == ["cat"]:
                path = "".join(self.expand(word))
        return [*[""] * (count - 1), path]

    def _seen(self) -> dict[str, str]:
        return {
            name: value
            for name, value in self.variables.items()
            if name in self.exported and isinstance(value, str)
        }

    def _plain(self) -> dict[str, str]:
        held = self.variables.items()
        return {name: value for name, value in held if isinstance(value, str)}

    def _set_array(self, name: str, more: bool, items: list[str]) -> None:
        old = self.variables.get(name)
        before = old if isinstance(old, list) else [old] if old else []
        self.variables[name] = [*before, *items][:LONGEST] if more else items


def _opens(word: Word) -> bool:
    text = word.pieces[0].text if len(word.pieces) == 1 else ""
    return re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*\+?=", text) is not None


def _without_files(held: list[Word]) -> list[Word]:
    """The words less what is redirected: `> server.log`, `2> x`."""
    kept: list[Word] = []
    skip = False
    for word in held:
        if word.operator:
            skip = word.operator != "<<"
            last = kept[-1].pieces if kept else ()
            if word.operator == ">" and len(last) == 1 and last[0].text in ("1", "2"):
                kept.pop()
        elif skip:
            skip = False
        else:
            kept.append(word)
    return kept
