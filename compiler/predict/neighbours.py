"""What the measured configurations that are most like a case were mispredicted by.

Each measured configuration has one row: its keys, its number of runs, and the median of
log(measured / formula), clipped. A case takes their mean, weighted by likeness: exp(-distance),
the distance a sum over the keys that differ. `mass`, the sum of the weights, says how well the
surroundings are known; far from all of them the correction goes to nothing.
"""

from __future__ import annotations

import math

from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.predict.keys import Keys
    from servec.compiler.predict.parameters import Table

FIELDS = ("backend", "system", "generation", "model", "family", "precision", "layout", "split")
"""The keys of a row, in its order; then the number of runs and the two residuals."""


@record
class Correction:
    """Factors on the two latencies, `mass`, and whether the very configuration was measured."""

    ttft: float = 1.0
    tpot: float = 1.0
    mass: float = 0.0
    own: bool = False


_kept: dict[tuple[int, Keys], tuple[Table, Correction]] = {}


def correction(table: Table, keys: Keys) -> Correction:
    """The correction for a case; kept by table and keys."""
    key = (id(table), keys)
    found = _kept.get(key)
    if found is not None and found[0] is table:
        return found[1]
    made = _correction(table, keys)
    if len(_kept) > 1024:
        _kept.clear()
    _kept[key] = (table, made)
    return made


def _correction(table: Table, keys: Keys) -> Correction:
    data = table.data["neighbours"]
    if not data["rows"]:
        return Correction()
    distances = data["distances"]
    own = tuple(getattr(keys, field) for field in FIELDS)
    few = data["few"]
    mass = tpot = ttft = 0.0
    *columns, runs, on_tpot, on_ttft = zip(*data["rows"], strict=True)
    far = [0.0] * len(runs)
    for field, word, column in zip(FIELDS, own, columns, strict=True):
        if column.count(word) != len(column):
            step = distances.get(field, 0.0)
            far = [f if other == word else f + step for f, other in zip(far, column, strict=True)]
    for distance, number, first, second in zip(far, runs, on_tpot, on_ttft, strict=True):
        weight = math.exp(-distance) * number / (number + few)
        mass += weight
        tpot += weight * first
        ttft += weight * second
    return Correction(
        ttft=math.exp(ttft / (mass + data["shrink"]["ttft"])),
        tpot=math.exp(tpot / (mass + data["shrink"]["tpot"])),
        mass=mass,
        own=own in zip(*columns, strict=True),
    )
