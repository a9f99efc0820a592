"""Error statistics over rows that have a measured and, unless they abstain, a predicted value."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Protocol

    class Scored(Protocol):
        """A row to score."""

        @property
        def measured(self) -> float:
            """What was seen."""

        @property
        def predicted(self) -> float | None:
            """What was said, None where nothing was."""

        @property
        def low(self) -> float | None:
            """The lower end of the band."""

        @property
        def high(self) -> float | None:
            """The upper end of the band."""


def score(rows: Sequence[Scored]) -> dict[str, float | int | None]:
    """Counts and relative errors without sign; figures are None where no row has a prediction."""
    pairs = [(r.measured, r.predicted, r.low, r.high) for r in rows if r.predicted is not None]
    errors = sorted(abs(said - seen) / abs(seen) for seen, said, _, _ in pairs if seen)
    ratios = [said / seen for seen, said, _, _ in pairs if seen and said / seen > 0]
    held = [
        low <= seen <= high for seen, _, low, high in pairs if low is not None and high is not None
    ]
    return {
        "n": len(pairs),
        "abstained": len(rows) - len(pairs),
        "median_error": quantile(errors, 0.5),
        "mean_error": sum(errors) / len(errors) if errors else None,
        "p95_error": quantile(errors, 0.95),
        "within_5_percent": _share([error <= 0.05 for error in errors]),
        "within_2x": _share([0.5 <= ratio <= 2 for ratio in ratios]),
        "spearman": spearman([(seen, said) for seen, said, _, _ in pairs]),
        "band_coverage": _share(held),
    }


def quantile(ordered: Sequence[float], share: float) -> float | None:
    """The value below which `share` of an ordered list lies, interpolated; None of an empty one."""
    if not ordered:
        return None
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def spearman(pairs: Sequence[tuple[float, float]]) -> float | None:
    """Rank correlation, ties at their mean rank; None below three pairs or without variation."""
    if len(pairs) < 3:
        return None
    ones, others = _ranks([a for a, _ in pairs]), _ranks([b for _, b in pairs])
    mean = (len(pairs) + 1) / 2
    top = sum((a - mean) * (b - mean) for a, b in zip(ones, others, strict=True))
    spread = sum((a - mean) ** 2 for a in ones) * sum((b - mean) ** 2 for b in others)
    return top / spread**0.5 if spread else None


def _ranks(values: Sequence[float]) -> list[float]:
    order = sorted(range(len(values)), key=values.__getitem__)
    ranks = [0.0] * len(values)
    start = 0
    while start < len(order):
        end = start
        while end + 1 < len(order) and values[order[end + 1]] == values[order[start]]:
            end += 1
        for place in order[start : end + 1]:
            ranks[place] = (start + end) / 2 + 1
        start = end + 1
    return ranks


def _share(found: Sequence[bool]) -> float | None:
    return sum(found) / len(found) if found else None
