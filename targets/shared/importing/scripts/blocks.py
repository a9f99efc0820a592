"""Where the loops, cases and functions of a shell script begin and end."""

from __future__ import annotations

import re
from bisect import bisect

from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from servec.targets.shared.importing.scripts.pieces import Word

    Block = "For | While | Case | Function"

LEADING = ("do", "then", "else", "elif", "if", "while", "until", "!", "{", "time")
"""Words that a command may follow."""
LOOPS = ("for", "select", "while", "until")
CLOSERS = {"done": LOOPS, "esac": ("case",), "}": ("{",)}
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
        """`heads`: places where a command may begin, with the plain word there; `ends`: where the
        block that begins at a place ends; `starts`: the places of every `do`, in order."""
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
        self.starts = [at for at, head in self.heads.items() if head == "do"]
        self.ends = dict(self._pairs())

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

    def _pairs(self) -> Iterator[tuple[int, int]]:
        """Where blocks begin and end; what closes nothing is passed over."""
        opened: list[int] = []
        for at, head in self.heads.items():
            if head in CLOSERS:
                while opened and self.heads[opened[-1]] not in CLOSERS[head]:
                    opened.pop()
                if opened:
                    yield opened.pop(), at
            elif head in (*LOOPS, "case", "{"):
                opened.append(at)

    def _text(self, at: int) -> str:
        if at >= len(self.words):
            return ""
        return self.words[at].operator or plain(self.words[at])

    def _for(self, at: int, end: int) -> For | None:
        do, done = self._do(at), self._end(at, end)
        if do < 0 or done < do:
            return None
        inside = self.words[at + 3 : do] if self._text(at + 2) == "in" else ()
        words = tuple(word for word in inside if not word.operator)
        return For(self._text(at + 1), words, do + 1, done, done + 1)

    def _while(self, at: int, end: int) -> While | None:
        do, done = self._do(at), self._end(at, end)
        if do < 0 or done < do:
            return None
        inside = self.words[at + 1 : do]
        joined = any(word.operator in ("&", "|") for word in inside)
        words = () if joined else tuple(word for word in inside if word.operator not in (";", "\n"))
        return While(words, self.heads[at] == "until", do + 1, done, done + 1)

    def _case(self, at: int, end: int) -> Case | None:
        esac = self._end(at, end)
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
        close = self._end(place, end)
        return Function(name, place + 1, close, close + 1) if close > 0 else None

    def _do(self, at: int) -> int:
        """The next `do` behind a place, -1 for none."""
        found = bisect(self.starts, at)
        return self.starts[found] if found < len(self.starts) else -1

    def _end(self, at: int, end: int) -> int:
        """Where the block that begins at a place ends, -1 for nowhere before `end`."""
        found = self.ends.get(at, -1)
        return found if found < end else -1


def plain(word: Word) -> str:
    """The text of a word that is nothing but that, "" for any other."""
    if len(word.pieces) != 1 or word.pieces[0].quoted or word.pieces[0].name:
        return ""
    piece = word.pieces[0]
    return "" if piece.run or piece.sum else piece.text
