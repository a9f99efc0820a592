"""Did you mean: the names nearest to a misspelt one."""

from __future__ import annotations

from servec.dsl.limits import MAX_GUESS, MAX_GUESS_WORK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


def nearest(name: str, names: Iterable[str], most: int = 3) -> tuple[str, ...]:
    """The names within an edit distance that grows with the name, nearest first.

    A third of the longer name may differ, and one character always; case and `-` for `_` cost
    nothing. Of equal distances the longer common beginning comes first, then the order of `names`,
    which are compared until `MAX_GUESS_WORK` pairs of characters were: more than the largest option
    table takes. Empty for a name too long to be a slip.
    """
    if not name or len(name) > MAX_GUESS:
        return ()
    wanted = _plain(name)
    found = []
    work = 0
    for order, other in enumerate(dict.fromkeys(names)):
        limit = max(1, max(len(name), len(other)) // 3)
        if abs(len(name) - len(other)) <= limit:
            work += len(name) * len(other)
            if work > MAX_GUESS_WORK:
                break
            away = _distance(wanted, _plain(other), limit)
            if away <= limit:
                found.append((away, -_common(wanted, _plain(other)), order, other))
    return tuple(item[-1] for item in sorted(found)[:most])


def _plain(name: str) -> str:
    return name.lower().replace("-", "_")


def _common(left: str, right: str) -> int:
    """Length of the common beginning."""
    for at, (a, b) in enumerate(zip(left, right, strict=False)):
        if a != b:
            return at
    return min(len(left), len(right))


def _distance(left: str, right: str, limit: int) -> int:
    """Insertions, deletions, substitutions and swaps of neighbours; above `limit` if more."""
    before: list[int] = []
    above = list(range(len(right) + 1))
    for i, a in enumerate(left):
        row = [i + 1]
        for j, b in enumerate(right):
            cost = min(above[j + 1] + 1, row[j] + 1, above[j] + (a != b))
            if i and j and a == right[j - 1] and left[i - 1] == b:
                cost = min(cost, before[j - 1] + 1)
            row.append(cost)
        if min(row) > limit:
            return limit + 1
        before, above = above, row
    return above[-1]
