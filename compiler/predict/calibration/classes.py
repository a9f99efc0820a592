"""Bands from held-back errors: quantiles by runtime, apart for measured configurations."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from servec.compiler.predict.calibration.held_back import Held

OUTSIDE = 0.04
"""Share of the errors that a band leaves out on each side: bands from other configurations than
the one judged then hold nine in ten."""
FEW = 20
"""Runs from which on a runtime has a band of its own."""
LEANING = 60
"""A runtime's quantiles lean on those over all runtimes as if these were so many of its runs: a
single broken configuration among few would else set its band."""


def bands(apart: Sequence[Held], single: Sequence[Held]) -> dict[str, Any]:
    """`bands` of a table, as log(measured / predicted) at both ends.

    `new` is from configurations held back whole, `own` from single runs of seen ones; `any` is
    over all runtimes, for one that was not measured.
    """
    found: dict[str, Any] = {}
    for name in ("tpot", "ttft"):
        new = _by_backend([h for h in apart if not h.own], name)
        own = _by_backend([h for h in single if h.own], name)
        found[name] = {"new": new, "own": own or new}
    return found


def bands_apart(held: Sequence[Held], name: str) -> list[tuple[Held, float, float]]:
    """Each run with both ends of a band that was made without its configuration."""
    found = []
    for group in sorted({h.sample.group for h in held}):
        rows = _by_backend([h for h in held if h.sample.group != group], name)
        for one in held:
            if one.sample.group == group and rows:
                row = rows.get(one.sample.backend, rows["any"])
                found.append((one, float(row["low"]), float(row["high"])))
    return found


def _by_backend(rows: Sequence[Held], name: str) -> dict[str, Any]:
    if not rows:
        return {}
    ends = _ends([getattr(h, name) for h in rows])
    found = {"any": _sides(ends, ends, len({h.sample.id for h in rows}))}
    for backend in sorted({h.sample.backend for h in rows}):
        own = [h for h in rows if h.sample.backend == backend]
        runs = len({h.sample.id for h in own})
        if runs >= FEW:
            found[backend] = _sides(_ends([getattr(h, name) for h in own]), ends, runs)
    return found


def _ends(errors: list[float]) -> tuple[float, float]:
    return quantile(errors, OUTSIDE), quantile(errors, 1 - OUTSIDE)


def _sides(
    own: tuple[float, float], every: tuple[float, float], runs: int
) -> dict[str, float | int]:
    share = runs / (runs + LEANING)
    low, high = (share * a + (1 - share) * b for a, b in zip(own, every, strict=True))
    return {"low": round(min(-0.02, low), 3), "high": round(max(0.02, high), 3), "n": runs}


def quantile(values: Sequence[float], share: float) -> float:
    """The quantile by linear interpolation; 0 of nothing."""
    if not values:
        return 0.0
    order = sorted(values)
    place = share * (len(order) - 1)
    low = int(place)
    high = min(low + 1, len(order) - 1)
    return order[low] + (place - low) * (order[high] - order[low])
