"""Which of several plans of one runtime is best, by what is promised and predicted."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.plan import Performance
    from servec.compiler.target import Case

CLOSE = 1.05
"""Plans of one runtime whose requests take less than this factor longer than the best are equal:
the first in the order of layouts wins. The predictor's errors are shared by the plans of a runtime,
so they are far closer to each other than its band is wide."""
PASSES = 1.25
"""The same for work without answers, of which no run was measured: there copies that split nothing,
which come first, are equal to splits that are said to be a little faster."""

MET, UNSURE, MISSED = 0, 1, 2
TINY = 1e-9


def standing(performance: Performance | None) -> int:
    """How a prediction stands to the promises: all met, some unsure, or one missed.

    What cannot keep up with the load misses all of them, though no figure says by how much.
    """
    if performance is None:
        return UNSURE
    if overrun(performance):
        return MISSED
    verdicts = {line.verdict for line in performance.slo}
    if "missed" in verdicts:
        return MISSED
    return UNSURE if "unsure" in verdicts else MET


def overrun(performance: Performance) -> bool:
    """Whether requests arrive faster than they are served: some run, and no time has an end."""
    times = (performance.e2e, performance.ttft, performance.tpot)
    return performance.running > 0 and not any(times) and bool(performance.abstained)


def likely(performance: Performance | None) -> bool:
    """Whether every promise is met for certain, or as predicted."""
    stands = standing(performance)
    if performance is None or stands != UNSURE:
        return stands == MET
    return 0 < excess(performance) <= 1


def request_time(performance: Performance | None) -> float:
    """Mean time of a request in seconds, without end where nothing is predicted."""
    if performance is None:
        return float("inf")
    if performance.e2e is not None:
        return performance.e2e.value
    return performance.ttft.value if performance.ttft is not None else float("inf")


def excess(performance: Performance) -> float:
    """By what factor the predicted value of the worst promise that is not met for certain is off
    its bound; 0 without a figure."""
    factors = [0.0]
    for line in performance.slo:
        value = line.predicted.value if line.predicted is not None else 0.0
        if value and line.verdict != "met":
            over = value / max(line.bound, TINY) if line.op == "<=" else line.bound / value
            factors.append(over)
    return max(factors)


def merit(performance: Performance | None) -> tuple[int, float]:
    """Smaller is better: the standing, then how near its promises are, or, where all are met, the
    time of a request.

    Nearness goes before time in all that is not met for certain, or a tighter bound could bring
    back a plan that a looser one had put behind.
    """
    found = standing(performance)
    if performance is not None and found != MET and (near := excess(performance)):
        return found, near
    return found, request_time(performance)


def better_of(cases: list[Case]) -> tuple[Case, ...]:
    """The cases, best first by merit; of equals that with the longest context, then in the order
    given."""
    if len(cases) < 2:
        return tuple(cases)
    merits = [merit(case.performance) for case in cases]
    best = min(merits)
    answers = any(case.performance and case.performance.tpot for case in cases)
    close = CLOSE if answers else PASSES
    near = [
        case
        for case, own in zip(cases, merits, strict=True)
        if own[0] == best[0] and own[1] <= best[1] * close
    ]
    first = max(near or cases[:1], key=_context)
    rest = [case for case in cases if case is not first]
    rest.sort(key=lambda case: merit(case.performance))
    return (first, *rest)


def _context(case: Case) -> int:
    return case.plan.max_model_len if case.plan is not None else 0
