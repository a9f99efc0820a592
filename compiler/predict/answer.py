"""A prediction as the rest of the compiler takes it: figures, percentiles, verdicts, notes."""

from __future__ import annotations

from servec.compiler.plan import Performance, Range
from servec.compiler.predict.cost import cost, joules, per_million, power
from servec.compiler.predict.goodput import goodput
from servec.compiler.predict.slo import verdicts
from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from servec.compiler.predict.figures import Figures
    from servec.compiler.predict.floors import Floors
    from servec.compiler.predict.load import Load
    from servec.compiler.target import Case

ENDLESS = "requests arrive faster than they are served: the queue grows without end"
TAILS = 1.15
"""Percentiles have bands this many times as wide as means: their spread was not measured."""


@record
class Found:
    """What was computed of a case: means, seconds by metric and percentile, the queue, limits.

    `stable`: the queue stays finite. `running`, `waiting`: sequences of one replica.
    """

    figures: Figures
    percentiles: Mapping[str, Mapping[str, float]]
    floors: Floors | None
    running: float
    waiting: float
    stable: bool = True
    notes: tuple[str, ...] = ()


def answer(case: Case, asked: Load, found: Found) -> Performance:
    """The performance of a case; throughput, cost and power are of all its replicas."""
    plan, device = case.plan, case.device
    assert plan is not None and device is not None
    usd, watts = cost(plan, device), power(plan, device)
    if not found.stable:
        return Performance(
            slo=verdicts(case.spec, {}, found.floors),
            cost=usd,
            power=watts,
            running=found.running,
            abstained=ENDLESS,
            notes=found.notes,
        )
    figures = found.figures
    rows = _quantiles(figures, found.percentiles)
    flow = _measured(case) or _times(figures.throughput, plan.replicas)
    good = _good(case, asked, flow, rows)
    notes = (*found.notes, *_waiting(found), per_million(usd, flow), joules(watts, flow))
    judged = {**rows, "throughput": _per_replica(flow, plan.replicas)}
    judged["goodput"] = _per_replica(good, plan.replicas)
    return Performance(
        ttft=figures.ttft,
        tpot=figures.tpot,
        e2e=figures.e2e,
        throughput=flow,
        goodput=good,
        quantiles=rows,
        running=found.running,
        waiting=found.waiting,
        slo=verdicts(case.spec, judged, found.floors),
        cost=usd,
        power=watts,
        notes=tuple(note for note in notes if note),
    )


def _quantiles(
    figures: Figures, percentiles: Mapping[str, Mapping[str, float]]
) -> dict[str, Range]:
    """Percentiles with the relative bands of their means, a little wider."""
    rows: dict[str, Range] = {}
    for metric, row in percentiles.items():
        mean = figures.of(metric)
        if mean is None:
            continue
        low, high = (mean.low / mean.value) ** TAILS, (mean.high / mean.value) ** TAILS
        for name, value in row.items():
            rows[f"{metric}.{name}"] = Range(value * low, value, value * high)
    return rows


def _measured(case: Case) -> Range | None:
    """The spec's own figure for this runtime, which outranks the prediction."""
    said = case.spec.number("measured." + case.target.name)
    return None if said is None else Range(float(said), float(said), float(said))


def _times(found: Range | None, factor: float) -> Range | None:
    if found is None:
        return None
    return Range(found.low * factor, found.value * factor, found.high * factor)


def _per_replica(found: Range | None, replicas: int) -> Range | None:
    return _times(found, 1 / max(1, replicas))


def _good(case: Case, asked: Load, flow: Range | None, rows: Mapping[str, Range]) -> Range | None:
    requests = _times(flow, 1 / asked.outputs) if asked.outputs else None
    return None if requests is None else goodput(case.spec, requests, rows)


def _waiting(found: Found) -> tuple[str, ...]:
    if found.waiting < 1:
        return ()
    total = found.running + found.waiting
    return (f"{found.waiting:.0f} of {total:.0f} requests wait for a place",)
