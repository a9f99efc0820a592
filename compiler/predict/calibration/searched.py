"""A coordinate search for the least of a cost."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


def searched(cost: Callable[[list[float]], float], found: list[float]) -> list[float]:
    """Downhill along one value after the other, in ever smaller steps."""
    best, step = cost(found), 0.2
    while step > 0.004:
        better = False
        for place in range(len(found)):
            for move in (step, -step):
                moved = list(found)
                moved[place] += move
                now = cost(moved)
                if now < best:
                    found, best, better = moved, now, True
                    break
        if not better:
            step /= 2
    return found
