"""Errors and bands of points whose machine was held back, by class of device."""

from __future__ import annotations

import math
from statistics import median

from servec.compiler.predict.calibration.classes import quantile

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

LEANING = 10
"""A class's band leans on that over all as if these were so many of its points."""


def errors_of(errors: Sequence[float]) -> dict[str, float | int]:
    """Relative errors of log(measured / predicted) seconds."""
    off = [abs(math.exp(-error) - 1) for error in errors]
    return {
        "n": len(off),
        "median_error": round(median(off), 4) if off else 0.0,
        "mean_error": round(sum(off) / len(off), 4) if off else 0.0,
    }


def bands_of(names: Sequence[str], errors: Sequence[float]) -> dict[str, dict[str, float | int]]:
    """Bands by class, those of few points leaning on `any`, which is over all classes."""
    every = _band(errors)
    found = {"any": every}
    for name in sorted(set(names)):
        own = _band([e for e, word in zip(errors, names, strict=True) if word == name])
        part = own["n"] / (own["n"] + LEANING)
        sides = {k: round(part * own[k] + (1 - part) * every[k], 3) for k in ("low", "high")}
        found[name] = {**sides, "n": own["n"]}
    return found


def _band(errors: Sequence[float]) -> dict[str, float | int]:
    return {
        "low": round(min(-0.02, quantile(errors, 0.05)), 3),
        "high": round(max(0.02, quantile(errors, 0.95)), 3),
        "n": len(errors),
    }
