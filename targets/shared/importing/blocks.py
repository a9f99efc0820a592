"""Where the loops, cases and functions of a shell script begin and end."""

from __future__ import annotations

import re

from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from servec.targets.shared.importing.shell import Word

    Block = "For | While | Case | Function"

LEADING = ("do", "then", "else", "elif", "if", "while", "until", "!", "{", "time")
"""Words that a command may follow."""
LOOPS = ("for", "select", "while", "until")
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_:.-]*")


@record
class For:
    """`for name in words; do …`: the body is `start` to `end`, `after` it goes on."""

    name: str
    words: tuple[Word, ...]
    start: int
    end: int
    after: int


@record
class While:
    """`while words; do …`; `until` where it is that."""

    words: tuple[Word, ...]
    until: bool
    start: int
    end: int
    after: int


@record
class Case:
    """`case word in …`: the patterns of each branch, and where its body starts and ends."""

    word: Word
    branches: tuple[tuple[tuple[Word, ...], int, int], ...]
    after: int


@record
class Function:
    """`name() { … }`."""

    name: str
    start: int
    end: int
    after: int


class Blocks:
    """Finds blocks among the words of a script."""

    def __init__(self, words: Sequence[Word]) -> None:
        """`heads`: places where a command may begin, with the plain word there."""
        self.words = words
        self.heads: dict[int, str] = {}
        fresh = True
        for at, word in enumerate(words):
            text = plain(word)
            if fresh and text:
                self.heads[at] = text
            ends = bool(word.operator) and word.operator not in "<>"
            named = self.heads.get(at - 1) == "function"
            fresh = ends or named or (fresh and text in LEADING)

    def at(self, at: int, end: int) -> For | While | Case | Function | None:
        """The block that begins at a place, None for a command that is none or has no end."""
        head = self.heads.get(at, "")
        if head in ("for", "select"):
            return self._for(at, end)
        if head in ("while", "until"):
            return self._while(at, end)
        if head == "case":
            return self._case(at, end)
        if head and (head == "function" or self._text(at + 1) == "("):
            return self._function(at, end)
        return None

    def _text(self, at: int) -> str:
        if at >= len(self.words):
            return ""
        return self.words[at].operator or plain(self.words[at])

    def _for(self, at: int, end: int) -> For | None:
        do = self._find("do", at + 1, end)
        done = self._closing(at, end, LOOPS, "done")
        if do < 0 or done < 0:
            return None
        inside = self.words[at + 3 : do] if self._text(at + 2) == "in" else ()
        words = tuple(word for word in inside if not word.operator)
        return For(self._text(at + 1), words, do + 1, done, done + 1)

    def _while(self, at: int, end: int) -> While | None:
        do = self._find("do", at + 1, end)
        done = self._closing(at, end, LOOPS, "done")
        if do < 0 or done < 0:
            return None
        inside = self.words[at + 1 : do]
        joined = any(word.operator in ("&", "|") for word in inside)
        words = () if joined else tuple(word for word in inside if word.operator not in (";", "\n"))
        return While(words, self.heads[at] == "until", do + 1, done, done + 1)

    def _case(self, at: int, end: int) -> Case | None:
        esac = self._closing(at, end, ("case",), "esac")
        if esac < 0 or self._text(at + 2) != "in":
            return None
        branches: list[tuple[tuple[Word, ...], int, int]] = []
        place = at + 3
        while place < esac:
            close = next((n for n in range(place, esac) if self.words[n].operator == ")"), -1)
            if close < 0:
                break
            patterns = tuple(word for word in self.words[place:close] if not word.operator)
            stop = self._branch_end(close + 1, esac)
            branches.append((patterns, close + 1, stop))
            place = stop + 2
        return Case(self.words[at + 1], tuple(branches), esac + 1)

    def _branch_end(self, at: int, esac: int) -> int:
        depth = 0
        for place in range(at, esac):
            head = self.heads.get(place)
            depth += (head == "case") - (head == "esac")
            if not depth and self._text(place) == ";" == self._text(place + 1):
                return place
        return esac

    def _function(self, at: int, end: int) -> Function | None:
        named = self.heads[at] == "function"
        name, place = self._text(at + named), at + 1 + named
        if self._text(place) == "(" and self._text(place + 1) == ")":
            place += 2
        elif not named:
            return None
        while self._text(place) == "\n":
            place += 1
        if self._text(place) != "{" or not NAME.fullmatch(name):
            return None
        close = self._closing(place, end, ("{",), "}")
        return Function(name, place + 1, close, close + 1) if close > 0 else None

    def _find(self, word: str, at: int, end: int) -> int:
        return next((n for n in range(at, end) if self.heads.get(n) == word), -1)

    def _closing(self, at: int, end: int, openers: Sequence[str], closer: str) -> int:
        """Where the block that begins at a place ends, -1 for nowhere."""
        depth = 0
        for place in range(at, end):
            head = self.heads.get(place)
            depth += (head in openers) - (head == closer)
            if not depth:
                return place
        return -1


def plain(word: Word) -> str:
    """The text of a word that is nothing but that, "" for any other."""
    if len(word.pieces) != 1 or word.pieces[0].quoted or word.pieces[0].name:
        return ""
    piece = word.pieces[0]
    return "" if piece.run or piece.sum else piece.text
