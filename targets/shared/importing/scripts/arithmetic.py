"""Sums in a shell script, `$((A + B > 20 ? A : 20))`: of whole numbers and known variables."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

TOKEN = re.compile(
    r"\s*(?:(\d{1,12})|\$?\{?([A-Za-z_][A-Za-z0-9_]*)\}?|(&&|\|\||[<>=!]=|[-+*/%()<>?:!]))"
)
MOST = 10**12
LONGEST = 400
DEPTH = 20
ORDERS: dict[str, Callable[[int, int], bool]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
}


def total(text: str, known: Mapping[str, str]) -> int | None:
    """The value of what stands between the brackets; None where it is anything but a plain sum."""
    words = _tokens(text, known)
    if words is None:
        return None
    reader = _Reader(words)
    try:
        value = reader.choice(0)
    except (ValueError, ZeroDivisionError, IndexError):
        return None
    return value if reader.at == len(words) and abs(value) < MOST else None


def _tokens(text: str, known: Mapping[str, str]) -> list[str] | None:
    made: list[str] = []
    at = 0
    while text[at:].strip() and len(text) <= LONGEST:
        found = TOKEN.match(text, at)
        if found is None:
            return None
        word = found[1] or found[3] or known.get(found[2], "").strip()
        if not word or (found[2] and not re.fullmatch(r"\d{1,12}", word)):
            return None
        made.append(word)
        at = found.end()
    return made if len(text) <= LONGEST and made else None


class _Reader:
    def __init__(self, words: list[str]) -> None:
        self.words, self.at = words, 0

    def choice(self, depth: int) -> int:
        """`a ? b : c`, or what stands in its place; both sides are read."""
        if depth > DEPTH:
            raise ValueError(depth)
        value = self._joined(depth)
        if self._sees("?"):
            first = self.choice(depth + 1)
            if not self._sees(":"):
                raise ValueError("?")
            other = self.choice(depth + 1)
            return first if value else other
        return value

    def _joined(self, depth: int) -> int:
        value = self._ordered(depth)
        while self.at < len(self.words) and self.words[self.at] in ("&&", "||"):
            both, other = self._next() == "&&", self._ordered(depth)
            value = int(bool(value and other) if both else bool(value or other))
        return value

    def _ordered(self, depth: int) -> int:
        value = self._sum(depth)
        while self.at < len(self.words) and self.words[self.at] in ORDERS:
            value = int(ORDERS[self._next()](value, self._sum(depth)))
        return value

    def _sees(self, word: str) -> bool:
        seen = self.words[self.at : self.at + 1] == [word]
        self.at += seen
        return seen

    def _sum(self, depth: int) -> int:
        value = self._product(depth)
        while self.at < len(self.words) and self.words[self.at] in "+-":
            sign = 1 if self._next() == "+" else -1
            value += sign * self._product(depth)
        return value

    def _product(self, depth: int) -> int:
        value = self._one(depth)
        while self.at < len(self.words) and self.words[self.at] in "*/%":
            sign, other = self._next(), self._one(depth)
            # A shell cuts towards nought.
            cut = abs(value) // abs(other) if sign != "*" else 0
            whole = cut if (value < 0) == (other < 0) else -cut
            value = {"*": value * other, "/": whole, "%": value - whole * other}[sign]
            if abs(value) > MOST:
                raise ValueError(value)
        return value

    def _one(self, depth: int) -> int:
        word = self._next()
        if word in ("-", "!"):
            value = self._one(depth)
            return -value if word == "-" else int(not value)
        if word == "(" and depth < DEPTH:
            value = self.choice(depth + 1)
            if self._next() != ")":
                raise ValueError(word)
            return value
        return int(word)

    def _next(self) -> str:
        word = self.words[self.at]
        self.at += 1
        return word
