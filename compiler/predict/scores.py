"""Errors of predictions in the numbers that people compare: medians, shares, ranks."""

from __future__ import annotations

from statistics import median

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
        "spearman": spearman([m for m, _ in pairs], [p for _, p in pairs]),
    }


def spearman(one: Sequence[float], other: Sequence[float]) -> float:
    """Rank correlation, ties at their mean rank."""
    first, second = _ranks(one), _ranks(other)
    mean = (len(one) + 1) / 2
    top = sum((a - mean) * (b - mean) for a, b in zip(first, second, strict=True))
    left = sum((a - mean) ** 2 for a in first)
    right = sum((b - mean) ** 2 for b in second)
    return float(top / (left * right) ** 0.5) if left and right else 0.0


def _ranks(values: Sequence[float]) -> list[float]:
    order = sorted(range(len(values)), key=lambda i: values[i])
    ranks = [0.0] * len(values)
    start = 0
    while start < len(order):
        end = start
        while end + 1 < len(order) and values[order[end + 1]] == values[order[start]]:
            end += 1
        for place in range(start, end + 1):
            ranks[order[place]] = (start + end) / 2 + 1
        start = end + 1
    return ranks


def plain(found: dict[str, Any]) -> dict[str, Any]:
    """The same, rounded to four digits after the point."""
    return {k: round(v, 4) if isinstance(v, float) else v for k, v in found.items()}
