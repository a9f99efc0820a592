"""What `${name%rest}`, `${name/old/new}` and `${name:start:count}` make of a value."""

from __future__ import annotations

import re
from fnmatch import translate

from servec.dsl.whole import whole


def span(rest: str) -> tuple[int, int | None]:
    """Where `start:count` begins and ends."""
    start, _, count = rest.partition(":")
    first, length = whole(start) or 0, whole(count)
    return first, first + length if length is not None else None


def halves(rest: str) -> tuple[str, str]:
    """Both sides of the first `/` that nothing escapes."""
    found = re.match(r"((?:\\.|[^/\\])+)/?(.*)", rest, re.DOTALL)
    old, new = (found[1], found[2]) if found else (rest, "")
    return re.sub(r"\\(.)", r"\1", old), new


def glob(pattern: str) -> str:
    """A pattern of a shell as a regular expression for a part of a text."""
    return translate(pattern).removeprefix("(?s:").removesuffix(r")\Z").removesuffix(r")\z")


def cut_off(value: str, pattern: str, sign: str) -> str:
    """A value without the shortest or longest end, or beginning, that a pattern fits."""
    spots = range(len(value) + 1)
    whole = re.compile(translate(pattern))
    order = spots if sign in ("#", "%%") else reversed(spots)
    for at in order:
        part = value[:at] if sign[0] == "#" else value[at:]
        if whole.match(part):
            return value[at:] if sign[0] == "#" else value[:at]
    return value
