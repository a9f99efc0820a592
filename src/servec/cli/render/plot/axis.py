"""A logarithmic axis: from figures to places, and where its ticks stand."""

from __future__ import annotations

import math

from servec.compiler.shown import shown
from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

STEPS = (1, 2, 5)
MOST = 7
"""Ticks whose labels do not run into each other."""
ROOM = 1.15
"""Free room on either side, as a factor."""


@record
class Axis:
    """Figures from `low` to `high` on places from `start` to `end`; `end` may be the smaller."""

    low: float
    high: float
    start: float
    end: float

    def place(self, figure: float) -> float:
        """Where a figure stands, held inside of the axis; rounded, as it is written."""
        held = min(max(figure, self.low), self.high)
        part = math.log(held / self.low) / math.log(self.high / self.low)
        return round(self.start + part * (self.end - self.start), 1)

    def ticks(self) -> list[tuple[float, str]]:
        """Places and labels at 1, 2 and 5 of each decade; only at 1 where those are many."""
        first, last = math.floor(math.log10(self.low)), math.ceil(math.log10(self.high))
        found: list[float] = []
        for steps in (STEPS, STEPS[:1]):
            found = [step * 10.0**power for power in range(first, last + 1) for step in steps]
            found = [figure for figure in found if self.low <= figure <= self.high]
            if len(found) <= MOST:
                break
        return [(self.place(figure), shown(figure)) for figure in found]


def axis(figures: Iterable[float], start: float, end: float) -> Axis:
    """The axis that holds all figures above 0."""
    kept = [figure for figure in figures if figure > 0] or [1.0]
    return Axis(min(kept) / ROOM, max(kept) * ROOM, start, end)
