"""Which of several plans of one runtime is best, by what is promised and predicted."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.plan import Performance, Verdict
    from servec.compiler.target import Case

CLOSE = 1.05
"""Plans of one runtime whose requests take less than this factor longer than the best are equal:
the first in the order of layouts wins. The predictor's errors are shared by the plans of a runtime,
so they are far closer to each other than its band is wide."""

MET, UNSURE, MISSED = 0, 1, 2


def standing(performance: Performance | None) -> int:
    """How a prediction stands to the promises: all met, some unsure, or one missed."""
    if performance is None:
        return UNSURE
    verdicts = {line.verdict for line in performance.slo}
    if "missed" in verdicts:
        return MISSED
    return UNSURE if "unsure" in verdicts else MET


def likely(performance: Performance | None) -> int:
    """As `standing`, but a promise whose predicted value is kept counts as kept.

    Between runtimes the width of a band says how well a runtime was measured, not how fast it is:
    one that is known less well must not lose its place for that alone.
    """
    found = standing(performance)
    if performance is None or found != UNSURE:
        return found
    open_lines = [line for line in performance.slo if line.verdict == "unsure"]
    return MET if all(map(kept, open_lines)) else UNSURE


def kept(line: Verdict) -> bool:
    """Whether the predicted value itself is inside the bound."""
    if line.predicted is None:
        return False
    value = line.predicted.value
    return value <= line.bound if line.op == "<=" else value >= line.bound


def request_time(performance: Performance | None) -> float:
    """Mean time of a request in seconds, without end where nothing is predicted."""
    if performance is None:
        return float("inf")
    if performance.e2e is not None:
        return performance.e2e.value
    return performance.ttft.value if performance.ttft is not None else float("inf")


def better_of(cases: list[Case]) -> tuple[Case, ...]:
    """The cases, best first: by standing, then by request time, ties in the order given."""
    if len(cases) < 2:
        return tuple(cases)
    best = min((standing(case.performance), request_time(case.performance)) for case in cases)
    near = [
        case
        for case in cases
        if standing(case.performance) == best[0]
        and request_time(case.performance) <= best[1] * CLOSE
    ]
    first = near[0] if near else cases[0]
    rest = [case for case in cases if case is not first]
    rest.sort(key=lambda case: (standing(case.performance), request_time(case.performance)))
    return (first, *rest)
