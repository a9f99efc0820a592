"""Promise that physics allows and the prediction misses.

Checks: the whole band of what is predicted lies on the wrong side of no promise.
Because: bands hold 90 % of the errors on configurations that were held back from the fit, so a
    bound outside of the band is missed about 19 times in 20. Inside the band nothing is said but
    `unsure`: measure. The plan still is the nearest of those that were tried.
Wrong: target = vllm; parallel { tensor = 4; data = 2 }
    workload { concurrency = 256; input = 8000 tokens; output = 500 tokens }
    slo { tpot.p95 <= 9ms }
Right: target = vllm; parallel { tensor = 4; data = 2 }
    workload { concurrency = 256; input = 8000 tokens; output = 500 tokens }
    slo { tpot.p95 <= 900ms }
Source: compiler/predict/parameters.json, its provenance and bands
"""

from __future__ import annotations

from fractions import Fraction

from servec.compiler.rules.labels import at, called, seconds
from servec.compiler.rules.promises import broken, loosened, said, shown
from servec.dsl.diagnostic import Diagnostic, Figure, Fix, Label

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.plan import Range, Verdict
    from servec.compiler.target import Case
    from servec.dsl.spec import Bound


def check(case: Case) -> Diagnostic | None:
    """The warning on the promise that is missed by the largest factor, else None."""
    found = [item for item in broken(case, floor=False) if item[0].predicted is not None]
    if not found or case.model is None or case.plan is None:
        return None
    line, bound = max(found, key=lambda item: _ratio(item[0]))
    return _diagnose(case, line, bound, found)


def _ratio(line: Verdict) -> float:
    assert line.predicted is not None
    value = line.predicted.value
    return value / line.bound if line.op == "<=" else line.bound / max(value, 1e-12)


def _diagnose(
    case: Case, line: Verdict, bound: Bound, found: list[tuple[Verdict, Bound]]
) -> Diagnostic:
    model, plan, predicted = case.model, case.plan, line.predicted
    assert model is not None and plan is not None and predicted is not None
    primary = Label(bound.span, f"predicted {_span(predicted, line.unit)}")
    others = [
        Label(other.span, f"predicted {_span(verdict.predicted, verdict.unit)}")
        for verdict, other in found
        if verdict is not line and verdict.predicted is not None
    ]
    load = at(case.spec, "workload.concurrency", "the load it is predicted at", "workload.rate")
    return Diagnostic(
        "SRV313",
        "warning",
        f"`{said(line, bound)}` is not predicted for {called(case.spec, model)} on"
        f" {case.target.name}",
        primary,
        seconds(primary, *others, load),
        tuple(_figures(case, line, predicted)),
        (
            loosened(found, "promise what the bands allow"),
            Fix("or serve it on more or faster devices, or with fewer requests in flight"),
        ),
    )


def _span(found: Range | None, unit: str) -> str:
    assert found is not None
    return f"{shown(found.low, unit)} to {shown(found.high, unit)}"


def _figures(case: Case, line: Verdict, predicted: Range) -> list[Figure]:
    plan, performance = case.plan, case.performance
    assert plan is not None and performance is not None
    name, unit = line.metric.replace(".", "_"), "ms" if line.unit == "ms" else "per_s"
    text = f"{line.metric}: {shown(predicted.value, line.unit)} predicted, 90 % band"
    lines = [
        Figure(
            f"{name}_{unit}",
            Fraction(f"{predicted.value:.4g}"),
            f"{text} {_span(predicted, line.unit)}",
        ),
        Figure("running", Fraction(f"{performance.running:.4g}"), _running(case)),
    ]
    lines += [Figure("note", None, note) for note in performance.notes if "wider" in note]
    return lines


def _running(case: Case) -> str:
    plan, performance = case.plan, case.performance
    assert plan is not None and performance is not None
    text = f"{performance.running:.0f} sequences run on each replica of {plan.degrees}"
    if performance.waiting >= 1:
        text += f", {performance.waiting:.0f} wait for a place"
    return text
