"""How far off a prediction may be: bands that hold 90 % of the held-back errors of their class."""

from __future__ import annotations

import math

from servec.compiler.plan import Range

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.predict.neighbours import Correction
    from servec.compiler.predict.parameters import Table

CROWDED = ".crowded"
"""What a class of a crowded memory ends in."""
STRANGE = 1.5
"""A runtime that was never measured has a band this many times as wide as that over all."""


def width(
    table: Table, quantity: str, backend: str, found: Correction, crowded: bool = False
) -> tuple[float, float]:
    """log(low / value) and log(high / value) for `tpot` or `ttft`.

    Classes: whether the very configuration was measured, whether what is in flight crowds the
    memory, and the runtime.
    """
    own = "own" if found.own else "new"
    classes = table.data["bands"][quantity]
    rows = classes.get(own + CROWDED if crowded else own) or classes[own]
    row = rows.get(backend)
    if row is not None:
        return float(row["low"]), float(row["high"])
    return STRANGE * rows["any"]["low"], STRANGE * rows["any"]["high"]


MOST = math.log(30)
"""A band reaches no further than thirty times its value: there it says that nothing is known."""


def band(value: float, sides: tuple[float, float], wider: float = 1.0) -> Range:
    """The range around `value`; `wider` multiplies both sides, as logarithms."""
    low, high = sides
    low, high = max(-MOST, low * wider), min(MOST, high * wider)
    return Range(value * math.exp(low), value, value * math.exp(high))
