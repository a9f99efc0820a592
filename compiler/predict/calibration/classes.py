"""Bands from held-back errors: quantiles by runtime, apart for measured configurations."""

from __future__ import annotations

from servec.compiler.predict.bands import CROWDED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from servec.compiler.predict.calibration.held_back import Held

OUTSIDE = 0.03
"""Share of the errors that a band leaves out on each side: bands from other configurations than
the one judged then hold nine in ten."""
FEW = 20
"""Runs from which on a runtime has a band of its own."""
LEANING = 30
"""A runtime's quantiles lean on those over all runtimes as if these were so many of its runs: a
single broken configuration among few would else set its band. So do those of a crowded memory on
those over all runs."""


def bands(apart: Sequence[Held], single: Sequence[Held]) -> dict[str, Any]:
    """`bands` of a table, as log(measured / predicted) at both ends.

    `new` is from configurations held back whole, `own` from single runs of seen ones, both apart
    for a crowded memory; `any` is over all runtimes, for one that was not measured.
    """
    found: dict[str, Any] = {}
    for name in ("tpot", "ttft"):
        new = _by_crowd([h for h in apart if not h.own], name)
        own = _by_crowd([h for h in single if h.own], name, "own")
        found[name] = {**new, **(own or _by_crowd(apart, name, "own"))}
    return found


def bands_apart(held: Sequence[Held], name: str) -> list[tuple[Held, float, float]]:
    """Each run with both ends of a band that was made without its configuration."""
    found = []
    for group in sorted({h.sample.group for h in held}):
        classes = _by_crowd([h for h in held if h.sample.group != group], name)
        for one in held:
            if one.sample.group == group and classes:
                rows = classes["new" + (CROWDED if one.crowded else "")]
                row = rows.get(one.sample.backend, rows["any"])
                found.append((one, float(row["low"]), float(row["high"])))
    return found


def _by_crowd(rows: Sequence[Held], name: str, word: str = "new") -> dict[str, Any]:
    """The rows of a class and of the same with a crowded memory."""
    every = _ends([getattr(h, name) for h in rows])
    found = {}
    for ending, full in (("", False), (CROWDED, True)):
        own = [h for h in rows if h.crowded == full]
        if rows:
            found[word + ending] = _by_backend(own, name, every)
    return found


def _by_backend(rows: Sequence[Held], name: str, every: tuple[float, float]) -> dict[str, Any]:
    runs = len({h.sample.id for h in rows})
    any_ = _sides(_ends([getattr(h, name) for h in rows]), every, runs)
    found, ends = {"any": any_}, (any_["low"], any_["high"])
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
