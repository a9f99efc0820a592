"""Which branches of a script are taken, where a test compares what is known.

A variable that nothing sets is empty, as in a shell. What no comparison decides (a command, a file)
leaves all its branches in, in their order.
"""

from __future__ import annotations

import re
from fnmatch import fnmatchcase

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

UNSET = re.compile(r"\$\{?([A-Za-z_][A-Za-z0-9_]*|\d)(\[[@*]\]|:?[-+=?][^{}]*)?\}?")
NUMBER = re.compile(r"-?\d{1,15}")
NUMBERS: dict[str, Callable[[int, int], bool]] = {
    "-eq": lambda a, b: a == b,
    "-ne": lambda a, b: a != b,
    "-gt": lambda a, b: a > b,
    "-ge": lambda a, b: a >= b,
    "-lt": lambda a, b: a < b,
    "-le": lambda a, b: a <= b,
}
LONG = 400
OPENERS = {"[": "]", "[[": "]]", "test": ""}


class Flow:
    """The `if`s that are open. `active`: whether commands here are read."""

    def __init__(self, every: bool = False) -> None:
        """No `if` is open. `every`: no branch is left out."""
        self._every = every
        self._open: list[tuple[bool | None, bool | None]] = []
        self._shut = 0
        self._testing = False
        self._joint = ""
        self._inside = False

    @property
    def active(self) -> bool:
        """Whether no `if` around is known to be left out."""
        return self._every or not self._shut

    @property
    def sure(self) -> bool:
        """Whether each `if` around is known to have this branch taken."""
        return all(now is True for _, now in self._open)

    def joined(self, operator: str) -> None:
        """An operator between commands: `&` and `|` join tests."""
        self._joint = operator if operator in "&|" else self._joint

    def command(self, words: Sequence[str]) -> tuple[str, ...]:
        """Take the keywords off a command; what is left is a command, or nothing."""
        left = list(words)
        while left and left[0] in ("if", "elif", "then", "else", "fi"):
            self._keyword(left.pop(0))
        if not self._testing or not left:
            return tuple(left)
        if self._inside:
            left.insert(0, "[[")
        self._inside = left[0] == "[[" and left[-1] != "]]"
        self._test([*left, "]]"] if self._inside else left)
        return () if left[0] in (*OPENERS, "!") else tuple(left)

    def _keyword(self, word: str) -> None:
        self._testing, self._inside = word in ("if", "elif"), False
        self._joint = ""
        if word == "if":
            self._open.append((False, True))
        elif not self._open:
            self._testing = False
        elif word == "fi":
            self._shut -= self._open.pop()[1] is False
        elif word in ("elif", "else"):
            done, now = self._open[-1]
            if now is True and done is not None:
                done = True
            elif now is None and done is False:
                done = None
            self._turn(done, False if done is True else done is False or None)

    def _test(self, words: Sequence[str]) -> None:
        done, now = self._open[-1]
        if done is True:
            return
        found = decided(words)
        if self._joint == "&":
            found = False if False in (now, found) else None if None in (now, found) else True
        elif self._joint == "|":
            found = True if True in (now, found) else None if None in (now, found) else False
        self._joint = ""
        self._turn(done, found)

    def _turn(self, done: bool | None, now: bool | None) -> None:
        """Set whether the innermost `if` has had its branch, and whether this one is taken."""
        self._shut += (now is False) - (self._open[-1][1] is False)
        self._open[-1] = (done, now)


def matches(value: str, patterns: Sequence[str]) -> bool | None:
    """Whether a word of `case` fits one of the patterns, None where it is not known."""
    value = "" if UNSET.fullmatch(value) else value
    if "$" in value and "*" not in patterns:
        return None
    return any(fnmatchcase(value[:LONG], pattern[:LONG]) for pattern in patterns)


def decided(words: Sequence[str]) -> bool | None:
    """What a test comes to, None where that is not known."""
    if words == ["true"] or words == [":"]:
        return True
    if words and words[0] == "!":
        found = decided(words[1:])
        return None if found is None else not found
    if not words or words[0] not in OPENERS:
        return None
    end = OPENERS[words[0]]
    inner = [("" if UNSET.fullmatch(word) else word) for word in words[1:]]
    if end:
        if inner[-1:] != [end]:
            return None
        inner.pop()
    return _compared(inner)


def _compared(words: Sequence[str]) -> bool | None:
    if len(words) == 1:
        return bool(words[0])
    if len(words) == 2 and words[0] in ("-n", "-z"):
        return bool(words[1]) is (words[0] == "-n")
    if len(words) == 2 and words[0] == "!":
        return not words[1]
    if len(words) != 3:
        return None
    one, sign, other = words
    if sign in NUMBERS and NUMBER.fullmatch(one) and NUMBER.fullmatch(other):
        return NUMBERS[sign](int(one), int(other))
    if sign in ("=", "==", "!=") and "$" not in one + other and len(one + other) < LONG:
        return fnmatchcase(one, other) is (sign != "!=")
    return None
