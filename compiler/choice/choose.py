"""The order of the candidates: promises, then operations, then the policy within error bands."""

from __future__ import annotations

from servec.compiler.choice.objective import likely

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.choice.policy import Policy
    from servec.compiler.search.candidate import Outcome
    from servec.compiler.target import Case
    from servec.dsl.spec import Spec


def ranked(spec: Spec, legal: list[Outcome], policy: Policy) -> tuple[Outcome, ...]:
    """The candidates that can serve, best first.

    A runtime in maintenance, then one that needs a special build, then one whose memory fits only
    inside the error of the sum, stands behind all others. Then the promises count (see `likely`),
    then operations. Of those still equal the policy's first is taken, unless another is faster by
    more than both error bands.
    """
    groups: dict[tuple[int, ...], list[Outcome]] = {}
    for item in legal:
        groups.setdefault(group(item, policy), []).append(item)
    return tuple(item for key in sorted(groups) for item in _within(spec, groups[key], policy))


def group(item: Outcome, policy: Policy) -> tuple[int, ...]:
    """What comes before the policy: last resort, special build, memory, promises, operations."""
    weight = sum(int(row["weight"]) for row in policy.weighed(item.cases))
    return (
        int(item.target.name in policy.last),
        int(any(special(case) for case in item.cases)),
        int(any(close(case) for case in item.cases)),
        likely(item.performance),
        -weight,
    )


def close(case: Case) -> bool:
    """Whether the memory fits, but only inside the error of the sum."""
    memory = case.memory
    return memory is not None and bool(memory.fits) and memory.margin < memory.band


def special(case: Case) -> str:
    """Why the device is reached by a special build only; "" where a stock build runs."""
    if case.device is None or case.device.any:
        return ""
    how = case.capabilities.reach.get(case.device.arch, "")
    return how if how and how.split(":")[0].split()[0] != "yes" else ""


def _within(spec: Spec, items: list[Outcome], policy: Policy) -> list[Outcome]:
    """One group in order: each time the policy's first that no other clearly beats.

    What runs another's engine is as fast as that engine, and beats nobody by itself.
    """
    left = sorted(items, key=lambda item: (policy.place(item.target.name), item.target.name))
    made: list[Outcome] = []
    while left:
        best = next(
            item
            for item in left
            if not any(
                beats(spec, other, item)
                for other in left
                if other is not item and other.target.name not in policy.outer
            )
        )
        made.append(best)
        left.remove(best)
    return made


def beats(spec: Spec, one: Outcome, other: Outcome) -> bool:
    """Whether one is faster than the other by more than both error bands.

    Where the spec gives measured figures, they alone are compared, and say nothing of a runtime
    that was not measured; else the time of a request, which at a given load is throughput too.
    Both are intervals on one scale, so this is a strict order: no circle of three can arise.
    """
    mine, theirs = speed(spec, one), speed(spec, other)
    return mine is not None and theirs is not None and mine[0] > theirs[1]


def speed(spec: Spec, item: Outcome) -> tuple[float, float] | None:
    """The least and most that a candidate does: tokens or requests per second; None if unknown."""
    if any(path.startswith("measured.") for path in spec.settings):
        found = measured(spec, item)
        return (found, found) if found is not None else None
    time = item.performance.e2e if item.performance is not None else None
    return (1 / time.high, 1 / time.low) if time is not None and time.low > 0 else None


def measured(spec: Spec, item: Outcome) -> float | None:
    """The spec's own figure for a runtime in tokens per second."""
    found = spec.number("measured." + item.target.name)
    return float(found) if found is not None else None
