"""The rows of the neighbour table: what each measured configuration was mispredicted by."""

from __future__ import annotations

import math
from statistics import median

from servec.compiler.predict.latency import latency
from servec.compiler.predict.neighbours import FIELDS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from servec.compiler.predict.calibration.sample import Sample
    from servec.compiler.predict.parameters import Table


def residuals(table: Table, samples: Sequence[Sample], priors: Mapping[str, Any]) -> list[Any]:
    """Rows of `neighbours.rows`, in order of their keys."""
    clip = priors["neighbours"]["clip"]
    found: dict[tuple[str, ...], list[tuple[float, float]]] = {}
    for sample in samples:
        assert sample.keys is not None and sample.shape is not None
        made = latency(sample.shape, table.values(sample.keys, sample.lengths), sample.traffic)
        key = tuple(getattr(sample.keys, field) for field in FIELDS)
        found.setdefault(key, []).append(
            (
                _clipped(sample.tpot / made.tpot, clip["tpot"]),
                _clipped(sample.ttft / made.ttft, clip["ttft"]),
            )
        )
    return [
        [
            *key,
            len(rows),
            round(median(row[0] for row in rows), 3),
            round(median(row[1] for row in rows), 3),
        ]
        for key, rows in sorted(found.items())
    ]


def _clipped(ratio: float, most: float) -> float:
    return max(-most, min(most, math.log(ratio)))
