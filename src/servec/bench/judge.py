"""What was measured beside what was predicted and what was promised."""

from __future__ import annotations

from servec.compiler.predict.slo import promised
from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from servec.bench.measure import Measured, Spread
    from servec.compiler.plan import Performance, Range
    from servec.dsl.spec import Spec

LATENCIES = ("ttft", "tpot", "e2e")
UNITS = {"throughput": "tok/s", "goodput": "req/s"}
MS = 1000.0


@record
class Beside:
    """A quantity measured and predicted (`low`, `value`, `high`; None where nothing is).

    `inside`: whether the measured value lies in the band; None without one.
    """

    quantity: str
    unit: str
    measured: float
    low: float | None
    value: float | None
    high: float | None

    @property
    def inside(self) -> bool | None:
        """Whether the band holds what was measured."""
        if self.low is None or self.high is None:
            return None
        return self.low <= self.measured <= self.high


@record
class Kept:
    """A promise of the spec, and whether it was kept; `predicted` is the compiler's verdict."""

    metric: str
    op: str
    bound: float
    unit: str
    measured: float | None
    kept: bool | None
    predicted: str


def tightest(spec: Spec) -> dict[str, float]:
    """The tightest promise on each latency, in seconds: what a request has to keep to count."""
    found: dict[str, float] = {}
    for metric, _, bound in promised(spec):
        name = metric.partition(".")[0]
        if name in LATENCIES:
            found[name] = min(found.get(name, bound), bound)
    return found


def beside(measured: Measured, predicted: Performance | None, servers: int) -> tuple[Beside, ...]:
    """Means of latencies, then rates of one server, each with its prediction."""
    found: list[Beside] = []
    for name in LATENCIES:
        times: Spread | None = getattr(measured, name)
        if times is not None:
            found.append(_beside(name, "ms", times.mean * MS, getattr(predicted, name, None), MS))
    for name, value in (("throughput", measured.throughput), ("goodput", measured.goodput)):
        if name == "goodput" or measured.ttft is not None:
            band = getattr(predicted, name, None)
            found.append(_beside(name, UNITS[name], value / servers, band, 1))
    return tuple(found)


def _beside(name: str, unit: str, value: float, band: Range | None, scale: float) -> Beside:
    if band is None:
        return Beside(name, unit, value, None, None, None)
    return Beside(name, unit, value, band.low * scale, band.value * scale, band.high * scale)


def kept(
    spec: Spec, measured: Measured, predicted: Performance | None, servers: int
) -> tuple[Kept, ...]:
    """Every promise in the order of the spec's reference; promises are for one replica."""
    verdicts = {each.metric: each.verdict for each in (predicted.slo if predicted else ())}
    return tuple(_kept(spec, measured, verdicts, servers))


def _kept(spec: Spec, measured: Measured, verdicts: dict[str, str], servers: int) -> Iterator[Kept]:
    for metric, op, bound in promised(spec):
        value = _value(metric, measured, servers)
        scale = 1.0 if metric in UNITS else MS
        good = None if value is None else value <= bound if op == "<=" else value >= bound
        yield Kept(
            metric=metric,
            op=op,
            bound=round(bound * scale, 6),
            unit=UNITS.get(metric, "ms"),
            measured=None if value is None else value * scale,
            kept=good,
            predicted=verdicts.get(metric, "unsure"),
        )


def _value(metric: str, measured: Measured, servers: int) -> float | None:
    if metric in UNITS:
        rate: float = getattr(measured, metric)
        return rate / servers if measured.e2e is not None else None
    name, _, percentile = metric.partition(".")
    times: Spread | None = getattr(measured, name)
    if times is None:
        return None
    found: float = getattr(times, percentile)
    return found
