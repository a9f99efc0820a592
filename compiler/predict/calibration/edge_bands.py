"""Errors and bands of points whose machine was held back, by class of device."""

from __future__ import annotations

import math
from collections import Counter
from statistics import median

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    Errors = Sequence[tuple[str, str, float]]
    """Class, machine and error of each point."""

LEANING = 6
"""A class's band leans on that over all as if these were so many of its machines."""

OUTSIDE = 0.02
"""Share of the machines that a band leaves out on each side: there are so few that bands from the
others then hold about nine points in ten of one."""


def errors_of(errors: Sequence[float]) -> dict[str, float | int]:
    """Relative errors of log(measured / predicted) seconds."""
    off = [abs(math.exp(-error) - 1) for error in errors]
    return {
        "n": len(off),
        "median_error": round(median(off), 4) if off else 0.0,
        "mean_error": round(sum(off) / len(off), 4) if off else 0.0,
    }


def bands_of(errors: Errors) -> dict[str, dict[str, float | int]]:
    """Bands by class; `n` counts machines.

    A machine counts once, however many of its points there are: the band is for one that was not
    measured. Those of few machines lean on `any`, which is over all classes.
    """
    every = _band(errors)
    found = {"any": every}
    for name in sorted({word for word, _, _ in errors}):
        rows = [row for row in errors if row[0] == name]
        own = _band(rows)
        part = own["n"] / (own["n"] + LEANING)
        sides = {k: round(part * own[k] + (1 - part) * every[k], 3) for k in ("low", "high")}
        found[name] = {**sides, "n": own["n"]}
    return found


def coverage(errors: Errors) -> float:
    """The share of the errors that lie in the band of their class made without their machine."""
    inside = 0
    for apart in {machine for _, machine, _ in errors}:
        made = bands_of([row for row in errors if row[1] != apart])
        for name, machine, error in errors:
            if machine == apart:
                row = made.get(name, made["any"])
                inside += row["low"] <= error <= row["high"]
    return round(inside / len(errors), 4) if errors else 0.0


def _band(errors: Errors) -> dict[str, float | int]:
    return {
        "low": round(min(-0.02, _quantile(errors, OUTSIDE)), 3),
        "high": round(max(0.02, _quantile(errors, 1 - OUTSIDE)), 3),
        "n": len({machine for _, machine, _ in errors}),
    }


def _quantile(errors: Errors, share: float) -> float:
    """The error below which that share of the machines lies, each spread over its points."""
    of = Counter(machine for _, machine, _ in errors)
    total = share * len(of)
    order = sorted((error, 1 / of[machine]) for _, machine, error in errors)
    for error, weight in order:
        total -= weight
        if total <= 0:
            return error
    return order[-1][0] if order else 0.0
