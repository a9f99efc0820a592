"""How many copies of prefill and of decode keep up with each other."""

from __future__ import annotations

from itertools import product

from servec.compiler.choice.objective import CLOSE, MET, merit
from servec.compiler.decide import replicas
from servec.compiler.search.candidate import explained, joined, predicted
from servec.compiler.search.planning import planned

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from servec.compiler.search.assess import Attempt
    from servec.compiler.target import Case

MOST_PLANS = 3
"""Layouts of one role that are tried with those of the other."""
MOST = 12
"""Numbers of copies of one role that are tried."""


def matched(attempts: list[Attempt], ranked: list[tuple[Case, ...]]) -> list[Case]:
    """The cases of both roles with the fewest devices at which their whole keeps the promises.

    Each role alone can only say what it does at a rate that the other does not bring, or does not
    take: so its layouts are judged together, then its numbers of copies. Where no pair keeps the
    promises, that which comes nearest, and of equals the smallest.
    """
    cases = list(_nearest([plans[:MOST_PLANS] for plans in ranked]))
    several = [_copies(attempt, case) for attempt, case in zip(attempts, cases, strict=True)]
    if any(len(options) > 1 for options in several):
        cases = list(_nearest(several, by=_devices))
    return [explained(attempt, case) for attempt, case in zip(attempts, cases, strict=True)]


def _nearest(
    options: Sequence[Sequence[Case]],
    by: Callable[[tuple[Case, ...]], tuple[int, int]] | None = None,
) -> tuple[Case, ...]:
    """The first of all pairs, in order, that keeps the promises; else that which comes nearest."""
    pairs = list(product(*options))
    if by is not None:
        pairs.sort(key=by)
    best = pairs[0]
    if len(pairs) == 1:
        return best
    kept = merit(joined(list(best)))
    for pair in pairs[1:]:
        if kept[0] == MET:
            break
        now = merit(joined(list(pair)))
        if now[0] < kept[0] or (now[0] == kept[0] and now[1] * CLOSE < kept[1]):
            best, kept = pair, now
    return best


def _copies(attempt: Attempt, case: Case) -> list[Case]:
    """The case with each number of copies that the spec admits; thinned where those are many."""
    numbers, way, plan = replicas.choices(case.spec), attempt.way, case.plan
    if len(numbers) == 1 or way is None or plan is None:
        return [case]
    if len(numbers) > MOST:
        step = (len(numbers) - 1) / (MOST - 1)
        numbers = tuple(dict.fromkeys(numbers[round(at * step)] for at in range(MOST)))
    return [predicted(planned(way, plan.degrees, plan.kv, number)) for number in numbers]


def _devices(pair: tuple[Case, ...]) -> tuple[int, int]:
    """Devices of a pair, and those of its first role: of equals, more of them decode."""
    sizes = [case.plan.gpus * case.plan.replicas for case in pair if case.plan is not None]
    return sum(sizes), sizes[0] if sizes else 0
