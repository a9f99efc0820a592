"""What a panel of the plot shows of a point: a time, as the promises of the spec name it."""

from __future__ import annotations

from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.plan import Range
    from servec.compiler.search.front import Point
    from servec.dsl.spec import Spec

TITLES = {"e2e": "whole request", "ttft": "time to first token", "tpot": "time per output token"}
PERCENTILES = ("p99", "p95", "p50")


@record
class Metric:
    """One panel: `name` of the time, and the percentile that the spec promises with its bound.

    Without a promise the mean is shown, and `bound` is 0. Milliseconds.
    """

    name: str
    percentile: str
    bound: float

    @property
    def title(self) -> str:
        """The caption of the panel."""
        return f"{TITLES[self.name]}, {self.percentile or 'mean'}, ms"

    def of(self, point: Point) -> Range | None:
        """The figure of a point with its band, in seconds; None where it is not predicted."""
        found = point.performance
        if self.percentile:
            return found.quantiles.get(f"{self.name}.{self.percentile}")
        mean: Range | None = getattr(found, self.name)
        return mean


def metrics(spec: Spec) -> tuple[Metric, ...]:
    """The panels of a deployment: all three times, each at the strictest promised percentile."""
    parts = (spec, *spec.roles.values())
    found = []
    for name in TITLES:
        told = [
            (percentile, float(bound.value) * 1000)  # type: ignore[arg-type]
            for percentile in PERCENTILES
            for part in parts
            if (bound := part.upper(f"slo.{name}.{percentile}")) is not None
        ]
        found.append(Metric(name, *(told[0] if told else ("", 0.0))))
    return tuple(found)
