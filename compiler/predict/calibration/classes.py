"""Bands from held-back errors: quantiles by runtime, apart for configurations that were measured."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from servec.compiler.predict.calibration.held_back import Held

OUTSIDE = 0.05
"""Share of the errors that a band leaves out on each side."""
FEW = 20
"""Runs from which on a runtime has a band of its own."""


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


def _by_backend(rows: Sequence[Held], name: str) -> dict[str, Any]:
    if not rows:
        return {}
    found = {"any": _sides([getattr(h, name) for h in rows])}
    for backend in sorted({h.sample.backend for h in rows}):
        errors = [getattr(h, name) for h in rows if h.sample.backend == backend]
        if len(errors) >= FEW:
            found[backend] = _sides(errors)
    return found


def _sides(errors: list[float]) -> dict[str, float | int]:
    return {
        "low": round(min(-0.02, quantile(errors, OUTSIDE)), 3),
        "high": round(max(0.02, quantile(errors, 1 - OUTSIDE)), 3),
        "n": len(errors),
    }


def quantile(values: Sequence[float], share: float) -> float:
    """The quantile by linear interpolation; 0 of nothing."""
    if not values:
        return 0.0
    order = sorted(values)
    place = share * (len(order) - 1)
    low = int(place)
    high = min(low + 1, len(order) - 1)
    return order[low] + (place - low) * (order[high] - order[low])
