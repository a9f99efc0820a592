"""Names of the catalogue that a misspelt one may mean."""

from __future__ import annotations

import re
from functools import lru_cache

from servec.compiler.catalogue.models import index, model_names
from servec.dsl.nearest import nearest

MOST = 3
NUMBERS = re.compile(r"\d+")
SIGNS = re.compile(r"[^\w/]|_")


@lru_cache(maxsize=64)  # a launch that is read is compiled several times
def alike(name: str) -> tuple[str, ...]:
    """Up to three names: ids for an id, short names for a word where there are.

    First those of the same last part under another publisher, or without one; then those of which
    it is the beginning, whatever stands between its letters and digits; then the one that is its
    beginning; then those near it.
    """
    known = _namesakes(name)
    if known or len(name) > 100:
        return known
    among = [other for other in model_names() if ("/" in other) == ("/" in name)]
    return _begun(name, among) or _longer(name, among) or _near(name, among)


def _namesakes(name: str) -> tuple[str, ...]:
    from servec.compiler.catalogue.naming import last_part, namesakes

    wanted = namesakes(last_part(name))[:MOST]
    names: dict[str, list[str]] = {file: [] for file in wanted}
    for other, file in index().items():
        if file in names:
            names[file].append(other)
    ids = "/" in name

    def order(other: str) -> tuple[bool, int, str]:
        return ("/" in other) != ids, len(other), other

    return tuple(min(found, key=order) for found in names.values() if found)


def _begun(name: str, among: list[str]) -> tuple[str, ...]:
    """Those that begin so, the shortest first: `Qwen3-235B` for qwen3-235b-a22b."""
    begin = _plain(name)
    if len(begin) < 3:
        return ()
    found = [other for other in among if _plain(other).startswith(begin)]
    return tuple(sorted(found, key=lambda other: (len(other), other))[:MOST])


def _longer(name: str, among: list[str]) -> tuple[str, ...]:
    """The longest that it begins with, where no number stands behind: `qwen-3-8b-instruct`."""
    whole = _plain(name)
    begun = [other for other in among if len(_plain(other)) > 4 and whole.startswith(_plain(other))]
    longest = max(begun, key=lambda other: len(_plain(other)), default="")
    rest = whole[len(_plain(longest)) :]
    return (longest,) if longest and not re.search(r"\d", rest) else ()


def _plain(name: str) -> str:
    return SIGNS.sub("", name.lower())


def _near(name: str, among: list[str]) -> tuple[str, ...]:
    """Few are compared: a slip seldom changes the first letters of a publisher or of a line."""
    for length in (3, 1, 0):
        begin = name[:length].lower()
        alike = [other for other in among if other.lower().startswith(begin)]
        found = nearest(name, alike, 2 * MOST)
        if found:
            return tuple(sorted(found, key=lambda other: -_shared(name, other))[:MOST])
    return ()


def _shared(name: str, other: str) -> int:
    """How many numbers of a name another has: its generation and its size say most."""
    return len({*NUMBERS.findall(name)} & {*NUMBERS.findall(other)})
