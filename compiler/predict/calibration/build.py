"""A whole parameter table from samples, but for its bands."""

from __future__ import annotations

from servec.compiler.predict.calibration.fit import Fit
from servec.compiler.predict.calibration.residuals import residuals
from servec.compiler.predict.parameters import Table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from servec.compiler.predict.calibration.sample import Sample


def build(
    samples: Sequence[Sample],
    priors: Mapping[str, Any],
    start: Mapping[str, Any] | None = None,
    warm: Mapping[tuple[str, str, str], float] | None = None,
) -> tuple[dict[str, Any], dict[tuple[str, str, str], float]]:
    """The table, and the unknowns by label. `warm`: unknowns to begin at, for speed alone.

    With `start` its neighbours stay, apart from configurations that are measured anew.
    """
    fit = Fit(priors, samples, start)
    labels, means = fit.design.labels, fit.design.means
    first = None
    if warm is not None:
        first = [warm.get(label, mean) for label, mean in zip(labels, means, strict=True)]
    found = fit.run(first)
    data: dict[str, Any] = {"values": fit.design.table(found)}
    rows = residuals(Table(data), samples, priors)
    if start is not None:
        own = {tuple(row[:8]) for row in rows}
        kept = [row for row in start["neighbours"]["rows"] if tuple(row[:8]) not in own]
        rows = sorted(kept + rows)
    settings = priors["neighbours"]
    data["neighbours"] = {
        "distances": settings["distances"],
        "few": settings["few"],
        "shrink": settings["shrink"],
        "rows": rows,
    }
    return data, dict(zip(labels, found, strict=True))
