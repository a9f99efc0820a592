"""Promises against predictions: a verdict only where the whole band lies on one side."""

from __future__ import annotations

from servec.compiler.plan import Range, Verdict
from servec.dsl.kept import kept

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from servec.compiler.predict.floors import Floors
    from servec.dsl.spec import Spec

TIMES = ("ttft", "tpot", "e2e")
RATES = {"throughput": "tok/s", "goodput": "req/s"}
PERCENTILES = ("p50", "p95", "p99")


@kept
def promised(spec: Spec) -> tuple[tuple[str, str, float], ...]:
    """Each promise of a spec: metric, relation, bound in seconds or per second."""
    return tuple(_promised(spec))


def _promised(spec: Spec) -> Iterator[tuple[str, str, float]]:
    for name in TIMES:
        for percentile in PERCENTILES:
            bound = spec.upper(f"slo.{name}.{percentile}")
            if bound is not None:
                yield f"{name}.{percentile}", "<=", _number(bound.value)
    for name in RATES:
        bound = spec.lower(f"slo.{name}")
        if bound is not None:
            yield name, ">=", _number(bound.value)


def verdicts(
    spec: Spec, predicted: Mapping[str, Range | None], floors: Floors | None
) -> tuple[Verdict, ...]:
    """The promises of a spec, judged. Times are in ms in a verdict, as people write them."""
    return tuple(
        _verdict(metric, op, bound, predicted.get(metric), floors)
        for metric, op, bound in promised(spec)
    )


def _verdict(
    metric: str, op: str, bound: float, predicted: Range | None, floors: Floors | None
) -> Verdict:
    rate = metric in RATES
    scale = 1.0 if rate else 1e3
    floor = floors.of(metric) if floors is not None else 0.0
    forbidden = bool(floor) and (bound > floor if rate else bound < floor)
    if forbidden:
        word = "missed"
    elif predicted is None:
        word = "unsure"
    else:
        word = judged(op, bound, predicted)
    return Verdict(
        metric=metric,
        op=op,
        bound=float(f"{bound * scale:.9g}"),
        unit=RATES.get(metric, "ms"),
        verdict=word,
        predicted=None if predicted is None else _scaled(predicted, scale),
        floor=floor * scale if forbidden else 0.0,
    )


def judged(op: str, bound: float, predicted: Range) -> str:
    """`met` or `missed` where the band lies on one side of the bound, else `unsure`."""
    if op == "<=":
        if predicted.high <= bound:
            return "met"
        return "missed" if predicted.low > bound else "unsure"
    if predicted.low >= bound:
        return "met"
    return "missed" if predicted.high < bound else "unsure"


def _scaled(found: Range, scale: float) -> Range:
    return Range(found.low * scale, found.value * scale, found.high * scale)


def _number(value: object) -> float:
    above, _, below = str(value).partition("/")
    return float(above) / float(below or 1)
