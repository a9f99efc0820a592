"""More requests arrive than the plan is predicted to serve.

Checks: the rate of an open load lies below what the plan serves with all its sequences busy, by the
    prediction and by the upper end of its band.
Because: the queue grows without end: time to first token and all that hangs on it have no value,
    and clients run into their timeouts within minutes.
Wrong: target = vllm
    workload { input = 6000 tokens; output = 300 tokens; rate = 900 req/s }
Right: target = vllm
    workload { input = 6000 tokens; output = 300 tokens; rate = 0.5 req/s }
Source: compiler/predict/parameters.json, its provenance and bands
"""

from __future__ import annotations

from fractions import Fraction

from servec.compiler.plan import Range
from servec.compiler.rules.labels import at, called, seconds, write
from servec.dsl.diagnostic import Diagnostic, Figure, Fix

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.target import Case

RATE = "workload.rate"
NEAR = 0.8
"""Share of the best throughput from which on another load's band speaks for it, too."""


def check(case: Case) -> Diagnostic | None:
    """The warning where more arrive than are served, else None."""
    from servec.compiler.predict.answer import ENDLESS

    found, rate = case.performance, case.spec.number(RATE)
    if found is None or found.abstained != ENDLESS or not rate or case.model is None:
        return None
    most = capacity(case)
    return _diagnose(case, rate, most) if most is not None and rate > most.value else None


def capacity(case: Case) -> Range | None:
    """Requests a second of all replicas with every sequence busy: the best of a row of closed
    loads, as well known as the best known of those near it; None where nothing is predicted.
    """
    from servec.compiler.search.candidate import predicted
    from servec.compiler.search.front import LOADS, at_load

    plan, size = case.plan, case.spec.whole("workload.output")
    if plan is None or not size:
        return None
    flows: list[Range] = []
    for load in LOADS:
        found = predicted(at_load(case, load)).performance
        if found is None or found.throughput is None:
            break
        flows.append(found.throughput)
        if found.waiting >= 1:
            break
    if not flows:
        return None
    most = max(flow.value for flow in flows)
    near = [flow for flow in flows if flow.value >= NEAR * most]
    low, high = max(flow.low for flow in near), min(flow.high for flow in near)
    return Range(min(low, most) / size, most / size, max(high, most) / size)


def _diagnose(case: Case, rate: Fraction, most: Range) -> Diagnostic:
    spec, model, plan = case.spec, case.model, case.plan
    assert model is not None and plan is not None
    sure = rate > most.high
    primary = at(spec, RATE, "more than it serves" if sure else "more than is predicted")
    copies = plan.replicas * float(rate) / most.value
    least = _rounded(most.value)
    served = f"{most.value:.3g} req/s served, 90 % band {most.low:.3g} to {most.high:.3g}"
    return Diagnostic(
        "SRV322",
        "warning",
        f"{'more arrives' if sure else 'more may arrive'} than {case.target.name} serves of"
        f" {called(spec, model)} on this plan",
        primary,
        seconds(primary, at(spec, "hardware", f"run as {plan.degrees}")),
        (
            Figure("arriving_per_s", rate, f"{float(rate):g} req/s arrive"),
            Figure("served_per_s", Fraction(f"{most.value:.4g}"), served),
            Figure("copies", None, f"about {copies:.3g} of such plans would keep up"),
        ),
        (
            Fix(f"take no more than {least} req/s", write(spec, {RATE: f"{least} req/s"})),
            Fix("or serve it on more or faster devices, or with smaller weights"),
        ),
    )


def _rounded(value: float) -> str:
    """Two digits, rounded down, without an exponent."""
    from math import floor, log10

    if value <= 0:
        return "0.01"
    step = 10 ** (floor(log10(value)) - 1)
    return f"{floor(value / step) * step:.6f}".rstrip("0").rstrip(".")
