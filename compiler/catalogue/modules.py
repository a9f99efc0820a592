"""Lists of module names, kept short: `model.layers.[0-93].mlp.gate` stands for 94 names."""

from __future__ import annotations

import re
from functools import lru_cache

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

MOST = 4096
"""No range of a compacted name counts further."""


def compact(names: Iterable[str]) -> tuple[str, ...]:
    """Names that differ in one layer number become one, with the numbers as ranges, in order."""
    kept: dict[str, list[int]] = {}
    for name in names:
        found = None if name.startswith("re:") else re.search(r"(?<=\.)(\d{1,4})(?=[.*]|$)", name)
        if found is None:
            kept.setdefault(name, [])
        else:
            key = f"{name[: found.start()]}[]{name[found.end() :]}"
            kept.setdefault(key, []).append(int(found.group()))
    return tuple(
        key.replace("[]", f"[{_ranges(numbers)}]", 1) if numbers else key
        for key, numbers in kept.items()
    )


def expand(names: Iterable[str]) -> tuple[str, ...]:
    """The names that `compact` put together, one each."""
    found: list[str] = []
    for name in names:
        head, numbers, tail = layers_of(name)
        found += [name] if numbers is None else [f"{head}{n}{tail}" for n in sorted(numbers)]
    return tuple(found)


def layers_of(name: str) -> tuple[str, frozenset[int] | None, str]:
    """What stands before the ranges, their numbers, and what follows; None without ranges."""
    start = -1 if name.startswith("re:") else name.find("[")
    stop = name.find("]", start)
    if start < 0 or stop < 0:
        return name, None, ""
    numbers = _numbers(name[start + 1 : stop])
    if numbers is None:
        return name, None, ""
    return name[:start], numbers, name[stop + 1 :]


@lru_cache(maxsize=128)
def _numbers(text: str) -> frozenset[int] | None:
    found: set[int] = set()
    for item in text.split(","):
        first, _, last = item.partition("-")
        last = last or first
        if not (first.isdecimal() and last.isdecimal()) or len(first) > 4 or len(last) > 4:
            return None
        if int(last) > MOST:
            return None
        found.update(range(int(first), int(last) + 1))
    return frozenset(found)


def _ranges(numbers: list[int]) -> str:
    found: list[str] = []
    ordered = sorted(set(numbers))
    start = last = ordered[0]
    for number in [*ordered[1:], -1]:
        if number == last + 1:
            last = number
            continue
        found.append(str(start) if start == last else f"{start}-{last}")
        start = last = number
    return ",".join(found)
