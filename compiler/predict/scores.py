"""Errors of predictions in the numbers that people compare: medians, shares, ranks."""

from __future__ import annotations

from statistics import median

from servec.compiler.memory.measured.scores import spearman

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any


def scores(pairs: Sequence[tuple[float, float]]) -> dict[str, float]:
    """Of (measured, predicted): relative errors without sign, the share within a factor of two,
    and Spearman's rank correlation (0 where it is not defined)."""
    if not pairs:
        return {}
    errors = [abs(predicted / measured - 1.0) for measured, predicted in pairs]
    near = sum(0.5 < predicted / measured < 2.0 for measured, predicted in pairs)
    return {
        "median_error": median(errors),
        "mean_error": sum(errors) / len(errors),
        "p95_error": sorted(errors)[min(len(errors) - 1, int(0.95 * len(errors)))],
        "within_2x": near / len(pairs),
        "spearman": spearman(pairs) or 0.0,
    }


def plain(found: dict[str, Any]) -> dict[str, Any]:
    """The same, rounded to four digits after the point."""
    return {k: round(v, 4) if isinstance(v, float) else v for k, v in found.items()}
