"""Predictions against a file of measurements: serving runs (CSV columns) or published points.

Quantities keep the names and units of the file: `ttft_ms` and `tpot_ms` of serving runs, the metric
of a point. Errors are relative and without sign; a row without a prediction says why.
"""

from __future__ import annotations

from servec.compiler.memory.measured.row import Row
from servec.compiler.memory.measured.scores import score
from servec.compiler.predict.calibration.guess import guess_point, guess_sample
from servec.compiler.predict.calibration.point import read_point
from servec.compiler.predict.calibration.sample import samples
from servec.compiler.predict.promises import promises

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from typing import Any

    from servec.compiler.plan import Range
    from servec.compiler.predict.calibration.sample import Sample

MEMORY = "peak_memory"
"""A point's metric that is not of this predictor."""


def is_serving_file(columns: Iterable[str]) -> bool:
    """Whether a table with these columns holds serving runs."""
    return {"silicon_ttft_ms", "silicon_tpot_ms", "model_path"} <= set(columns)


def is_points_file(data: object) -> bool:
    """Whether parsed data has the form of a file of published points."""
    if not isinstance(data, list) or not data:
        return False
    return all(isinstance(row, dict) and "metric" in row and "value" in row for row in data)


def score_runs(rows: Iterable[Mapping[str, str]]) -> dict[str, Any]:
    """The JSON document of `servec accuracy` for serving runs: two rows for each usable run."""
    return _document([made for sample in samples(rows) for made in _run(sample)])


def score_points(rows: Iterable[Mapping[str, object]]) -> dict[str, Any]:
    """The JSON document of `servec accuracy` for published points."""
    points = [read_point(row) for row in rows]
    return _document(
        [
            _row(p.id, f"{p.runtime}|{p.hardware}", p.metric, p.value, guess_point(p))
            for p in points
            if p.metric != MEMORY and p.value > 0
        ]
    )


def _run(sample: Sample) -> Iterator[Row]:
    guess = guess_sample(sample)
    group = f"{sample.backend}|{sample.hardware}"
    for name, measured in (("ttft_ms", sample.ttft), ("tpot_ms", sample.tpot)):
        found = guess if isinstance(guess, str) else guess[name]
        yield _row(sample.id, group, name, measured * 1e3, found)


def _row(id: str, group: str, quantity: str, measured: float, guess: Range | str) -> Row:
    if isinstance(guess, str):
        return Row(id, group, quantity, measured, None, None, None, guess)
    return Row(id, group, quantity, measured, guess.value, guess.low, guess.high, "")


def _document(rows: Sequence[Row]) -> dict[str, Any]:
    quantities = sorted({row.quantity for row in rows})
    groups = sorted({row.group for row in rows})
    return {
        "schema": "servec.accuracy/1",
        "quantities": {q: score([r for r in rows if r.quantity == q]) for q in quantities},
        "groups": {g: _group([r for r in rows if r.group == g]) for g in groups},
        "fit": {},
        "promises": promises(rows),
        "rows": [row.plain() for row in rows],
    }


def _group(rows: Sequence[Row]) -> dict[str, Any]:
    """Scores of a runtime on a kind of hardware: over all its rows, and by quantity."""
    found: dict[str, Any] = dict(score(rows))
    for quantity in sorted({row.quantity for row in rows}):
        found[quantity] = score([row for row in rows if row.quantity == quantity])
    return found
