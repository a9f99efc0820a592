"""How many sequences run, where the usual number breaks a promise.

Fewer sequences at a time answer each faster and let the others wait; more of them keep up with a
rate. Each way gains up to some value and loses behind it, so values are tried in order and left at
the first that gains nothing. The size of a pass is left as it is: a longer one saves a long prompt
a few steps, which no prediction tells apart.
"""

from __future__ import annotations

from servec.compiler.choice.objective import (
    CLOSE,
    better_of,
    likely,
    merit,
    overrun,
    request_time,
)
from servec.compiler.decide import batch
from servec.compiler.options.constraints import broken, rules_of
from servec.compiler.plan import Reason
from servec.compiler.predict.predict import predict
from servec.compiler.ranks import sequences_apart
from servec.compiler.search.planning import weighed
from servec.compiler.shown import shown
from servec.dsl.record import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from servec.compiler.plan import Plan, Verdict
    from servec.compiler.target import Case

FEWEST = 2
"""Sequences of a replica that are not cut further: batching would be given up altogether."""
CUTS = 3
"""Halvings of the batch that are tried; behind an eighth nearly all requests wait."""
MOST = 1024
"""Sequences up to which a batch is raised: more in flight were not measured."""


def resized(ranked: tuple[Case, ...]) -> tuple[Case, ...]:
    """The plans with other sizes, best first, where none likely keeps the promises as it stands.

    Of those that then likely do, the one that yields most: certainty is not bought with requests
    that wait. Plans behind the first that no size brings nearer are left as they are.
    """
    if any(likely(case.performance) for case in ranked):
        return ranked
    tried = list(ranked)
    for at, case in enumerate(ranked):
        tried[at] = _sized(case)
        if tried[at] is case:
            break
    able = [case for case in tried if likely(case.performance)]
    if not able:
        return better_of(tried)
    first = min(able, key=lambda case: request_time(case.performance))
    return (first, *better_of([case for case in tried if case is not first]))


def _sized(case: Case) -> Case:
    """The case with the sizes that come nearest to its promises; unchanged where none are open."""
    spec, plan = case.spec, case.plan
    if plan is None or spec.word("defaults") == "runtime":
        return case
    if not spec.pin(batch.PATH) and plan.max_seqs:
        case = _fewer(case) if spec.whole("workload.concurrency") else _more(case)
    return case


def _fewer(case: Case) -> Case:
    """The case with the largest batch that likely keeps its promises, or that comes nearest."""
    worst = _worst(case, "tpot")
    if worst is None or case.performance is None or case.plan is None:
        return case
    ranks = case.plan.degrees.data if sequences_apart(case) else 1
    usual = min(case.plan.max_seqs, max(1, round(case.performance.running / ranks)))
    bound = case.spec.lower(batch.PATH)
    least = max(FEWEST, int(str(bound.value)) if bound is not None else 1)
    cuts = (-(-usual // 2**cut) for cut in range(1, CUTS + 1))
    kept = _nearest(case, [size for size in cuts if size * ranks >= least])
    if kept is case:
        return case
    text = f"{worst.metric} would be {_value(worst)} with {usual} at a time; the others wait"
    return _told(kept, batch.PATH, f"{_plan(kept).max_seqs}: {text}", _figure(worst))


def _more(case: Case) -> Case:
    """The case with a batch that keeps up with the rate, where a larger one does."""
    bound = case.spec.upper(batch.PATH)
    most = min(MOST, int(str(bound.value))) if bound is not None else MOST
    usual = size = _plan(case).max_seqs
    while case.performance is not None and overrun(case.performance) and size * 2 <= most:
        size *= 2
        tried = _with(case, size)
        if tried is None:
            break
        if tried.performance is not None and not overrun(tried.performance):
            rate = shown(float(case.spec.number("workload.rate") or 0))
            text = f"{size}: {usual} at a time do not keep up with {rate} requests a second"
            return _told(tried, batch.PATH, text, {"usual": usual})
    return case


def _nearest(case: Case, sizes: Iterable[int]) -> Case:
    """The case with the first of the sizes that likely keeps its promises, else with the last up to
    which each brings it nearer; the same case where none does."""
    kept = case
    for size in sizes:
        tried = _gaining(case, kept, size)
        if tried is None:
            break
        kept = tried
        if likely(kept.performance):
            break
    return kept


def _gaining(case: Case, kept: Case, size: int) -> Case | None:
    """The case with another batch, predicted; None where that is no better than `kept`, or does not
    fit or start.

    Most sizes gain nothing, and the prediction tells so with the memory as it was summed before.
    """
    usual = replace(case, plan=replace(_plan(case), max_seqs=size))
    if not _better(replace(usual, performance=predict(usual)), kept):
        return None
    made = _with(case, size)
    return made if made is not None and _better(made, kept) else None


def _with(case: Case, size: int) -> Case | None:
    """The case with another batch, predicted; None where it would not fit or not start."""
    made = weighed(replace(case, plan=replace(_plan(case), max_seqs=size)))
    memory = made.memory
    was = case.memory.margin if case.memory is not None else 0
    if memory is not None and memory.margin < min(memory.band, was):
        return None
    if broken(made, rules_of(made, True)) is not None:
        return None
    return replace(made, performance=predict(made))


def _better(one: Case, other: Case) -> bool:
    """Whether one keeps the promises better, by more than plans of one runtime are told apart."""
    mine, theirs = merit(one.performance), merit(other.performance)
    return mine[0] < theirs[0] or (mine[0] == theirs[0] and mine[1] * CLOSE < theirs[1])


def _worst(case: Case, metric: str) -> Verdict | None:
    """The promise of a metric that is not met and is furthest off, by its predicted value."""
    lines = case.performance.slo if case.performance is not None else ()
    off = [
        line
        for line in lines
        if line.metric.startswith(metric) and line.verdict != "met" and line.predicted is not None
    ]
    return max(off, key=_ratio, default=None)


def _ratio(line: Verdict) -> float:
    return line.predicted.value / line.bound if line.predicted is not None else 0.0


def _value(line: Verdict) -> str:
    assert line.predicted is not None
    return f"{shown(line.predicted.value)} {line.unit}"


def _figure(line: Verdict) -> dict[str, float | int | str]:
    return {line.metric: line.predicted.value} if line.predicted is not None else {}


def _told(case: Case, path: str, text: str, figures: dict[str, float | int | str]) -> Case:
    """The case with the reason of a size, which stands until its plan is explained."""
    plan = _plan(case)
    reason = Reason(path, text, figures=figures)
    return replace(case, plan=replace(plan, reasons=(*plan.reasons, reason)))


def _plan(case: Case) -> Plan:
    assert case.plan is not None
    return case.plan
