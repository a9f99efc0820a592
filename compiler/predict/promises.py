"""How often a verdict on a promise would have been right, at bounds that people write.

A measured value is judged against bounds of two kinds: `fixed`, latencies that people promise, and
`around`, from half to twice the measured value. `sure` is the share of the verdicts given (met
or missed) that are right; `nearer` that of all bounds at which the predicted value itself lies on
the right side, `unsure` or not; `right` that of all bounds with a right verdict, so that `unsure`
counts as wrong. Rows hold means; no percentile was measured, so none is judged.
"""

from __future__ import annotations

from servec.compiler.plan import Range
from servec.compiler.predict.slo import judged

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from servec.compiler.memory.measured.row import Row

FIXED: dict[str, tuple[float, ...]] = {
    "tpot_ms": (5, 10, 15, 20, 30, 50, 100),
    "ttft_ms": (100, 200, 300, 500, 1000, 2000, 5000, 10000),
}
"""Bounds in ms by quantity."""
AROUND = tuple(2.0 ** (step / 7) for step in range(-7, 8))
"""Bounds over the measured value: even steps from half to twice."""


def promises(rows: Sequence[Row]) -> dict[str, dict[str, dict[str, float | int | None]]]:
    """The scores by quantity and kind of bound; quantities that nobody promises are absent."""
    found = {}
    for quantity, bounds in FIXED.items():
        own = [row for row in rows if row.quantity == quantity and row.predicted is not None]
        if own:
            found[quantity] = {
                "fixed": _scores((row, bound) for row in own for bound in bounds),
                "around": _scores((row, row.measured * by) for row in own for by in AROUND),
            }
    return found


def _scores(pairs: Iterable[tuple[Row, float]]) -> dict[str, float | int | None]:
    total = nearer = given = right = 0
    for row, bound in pairs:
        assert row.predicted is not None and row.low is not None and row.high is not None
        kept = row.measured <= bound
        word = judged("<=", bound, Range(row.low, row.predicted, row.high))
        total += 1
        nearer += (row.predicted <= bound) == kept
        given += word != "unsure"
        right += word == ("met" if kept else "missed")
    return {
        "n": total,
        "unsure": 1 - given / total,
        "sure": right / given if given else None,
        "nearer": nearer / total,
        "right": right / total,
    }
