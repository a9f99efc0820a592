"""From which release to which something was there, as a short text."""

from __future__ import annotations

from functools import lru_cache

from servec.compiler.options.versions import order

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


def span(there: Sequence[bool], versions: Sequence[str]) -> str:
    """`0.7.3..0.9.2` and `0.12.0..` for the stretches in which `there` is true, "" for always."""
    made: list[str] = []
    at = 0
    while at < len(there):
        if not there[at]:
            at += 1
            continue
        end = at
        while end + 1 < len(there) and there[end + 1]:
            end += 1
        first = versions[at] if at else ""
        last = versions[end] if end + 1 < len(there) else ""
        made.append(f"{first}..{last}")
        at = end + 1
    return "" if made == [".."] else " ".join(made)


@lru_cache(maxsize=8192)
def holds(text: str, version: str) -> bool:
    """Whether a release lies in one of the stretches of a text."""
    if not text:
        return True
    now = order(version)
    for part in text.split():
        first, _, last = part.partition("..")
        if (not first or order(first) <= now) and (not last or now <= order(last)):
            return True
    return False
