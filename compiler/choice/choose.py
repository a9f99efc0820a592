"""The order of the candidates: promises, then operations, then the policy within error bands."""

from __future__ import annotations

from servec.compiler.choice.objective import MET, MISSED, UNSURE, likely, merit, standing
from servec.dsl.kept import kept

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.choice.policy import Policy
    from servec.compiler.plan import Verdict
    from servec.compiler.search.candidate import Outcome
    from servec.compiler.target import Case
    from servec.dsl.spec import Spec

PROMISES = "it misses a promise that {} may keep"
LESS_SURE = "it keeps its promises less surely than {}"
BEHIND = (
    "it is a last resort here, and {} is none",
    "it needs a special build for this device, and {} does not",
    "its memory fits only inside the error of the sum, that of {} for certain",
    PROMISES,
    "it needs more copies than {} to keep the promises, and costs more",
    "operations weigh for {}",
)
"""What each part of a group says of a candidate that stands behind another."""


def ranked(
    spec: Spec, legal: list[Outcome], policy: Policy, certain: bool = False
) -> tuple[Outcome, ...]:
    """The candidates that can serve, best first.

    A runtime in maintenance, then one that needs a special build, then one whose memory fits only
    inside the error of the sum, stands behind all others. Then comes what misses a promise that
    another likely keeps, then operations count. Of those still equal the policy's first is taken,
    unless another keeps a promise better, or is faster, by more than both error bands. `met` and
    `unsure` alone order nothing between runtimes: how wide a band is says how well a runtime was
    measured, and an answer must not turn where a bound passes through a band. `certain`: they do,
    as the hardware was taken for keeping the promises for certain at the least cost, and so does
    what the copies of each cost.
    """
    groups: dict[tuple[float, ...], list[Outcome]] = {}
    kept = any(likely(item.performance) for item in legal)
    for item in legal:
        groups.setdefault(group(item, policy, certain, kept), []).append(item)
    return tuple(item for key in sorted(groups) for item in _within(spec, groups[key], policy))


def group(item: Outcome, policy: Policy, certain: bool, kept: bool) -> tuple[float, ...]:
    """What comes before the policy: last resort, special build, memory, promises, cost, operations.

    `kept`: some candidate likely keeps its promises; where none does, a band that is wide because
    nothing was measured is no reason to go first.
    """
    stands = standing(item.performance)
    weight = sum(int(row["weight"]) for row in policy.weighed(item.cases))
    return (
        policy.behind(item.target.name),
        int(any(special(case) for case in item.cases)),
        int(any(close(case) for case in item.cases)),
        stands if certain or (kept and stands == MISSED) else MET,
        (item.performance.cost or 0.0) if certain and item.performance is not None else 0.0,
        -weight,
    )


def decided(
    spec: Spec, item: Outcome, order: tuple[Outcome, ...], policy: Policy, certain: bool
) -> str:
    """Why a candidate stands behind the first of the order: what first tells the two apart."""
    ahead, kept = order[0], any(likely(other.performance) for other in order)
    sides = (group(one, policy, certain, kept) for one in (item, ahead))
    for text, mine, theirs in zip(BEHIND, *sides, strict=True):
        if mine != theirs:
            unsure = text is PROMISES and mine == UNSURE
            return (LESS_SURE if unsure else text).format(ahead.target.name)
    better = next((other for other in order if beats(spec, other, item)), None)
    if better is not None:
        return f"{better.target.name} is better predicted by more than both error bands"
    row = policy.rows[0] if policy.rows else None
    source = "the usual order"
    if row is not None and ahead.target.name in (row["first"], row["second"]):
        source = f"the policy for {row['what']} (row {row['row']})"
    return f"predictions do not tell the two apart, and {source} has {ahead.target.name} before it"


def nearest(order: tuple[Outcome, ...], policy: Policy) -> Outcome | None:
    """Which other runtime comes nearer to the promises than the first, where none likely keeps
    them; None where there is none."""
    if not order or any(likely(item.performance) for item in order):
        return None
    bare = [item for item in order if item.target.name not in policy.outer]
    best = min(bare, key=lambda item: merit(item.performance), default=order[0])
    far = merit(best.performance) >= merit(order[0].performance)
    return None if far or best is order[0] else best


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

    What runs another's engine is as fast as that engine, and beats nobody by itself. Promises and
    speed together may go round in a circle; then the policy's first is taken.
    """
    left = sorted(items, key=lambda item: (policy.place(item.target.name), item.target.name))
    made: list[Outcome] = []
    while left:
        rivals = [item for item in left if item.target.name not in policy.outer]
        best = next(
            (item for item in left if not any(beats(spec, r, item) for r in rivals if r != item)),
            left[0],
        )
        made.append(best)
        left.remove(best)
    return made


def beats(spec: Spec, one: Outcome, other: Outcome) -> bool:
    """Whether one keeps the promises better than the other, or is faster, by more than both bands.

    A promise that the other likely keeps needs no better keeping.
    """
    if surer(one, other):
        return True
    return faster(spec, one, other) and not surer(other, one)


def surer(one: Outcome, other: Outcome) -> bool:
    """Whether one's band is clear of the other's where that does not likely keep a promise, and
    nowhere clear of it on the wrong side."""
    mine = {line.metric: line for line in _lines(one)}
    open_lines = [line for line in _lines(other) if not _kept(line)]
    sides = [_side(mine[line.metric], line) for line in open_lines if line.metric in mine]
    return 1 in sides and -1 not in sides


def _lines(item: Outcome) -> tuple[Verdict, ...]:
    return item.performance.slo if item.performance is not None else ()


def _kept(line: Verdict) -> bool:
    """Whether a promise is met for certain, or as predicted."""
    found = line.predicted
    if line.verdict != "unsure" or found is None:
        return line.verdict == "met"
    return found.value <= line.bound if line.op == "<=" else found.value >= line.bound


def _side(mine: Verdict, theirs: Verdict) -> int:
    """1 where mine is better by more than both bands, -1 where it is worse, else 0."""
    one, other = mine.predicted, theirs.predicted
    if one is None or other is None:
        return 0
    less = int(one.high < other.low) - int(one.low > other.high)
    return less if mine.op == "<=" else -less


def faster(spec: Spec, one: Outcome, other: Outcome) -> bool:
    """Whether one is faster than the other by more than both error bands.

    Where the spec gives measured figures, they alone are compared, and say nothing of a runtime
    that was not measured; else the time of a request, which at a given load is throughput too.
    """
    mine, theirs = speed(spec, one), speed(spec, other)
    return mine is not None and theirs is not None and mine[0] > theirs[1]


def speed(spec: Spec, item: Outcome) -> tuple[float, float] | None:
    """The least and most that a candidate does: tokens or requests per second; None if unknown."""
    if _measures(spec):
        found = measured(spec, item)
        return (found, found) if found is not None else None
    time = item.performance.e2e if item.performance is not None else None
    return (1 / time.high, 1 / time.low) if time is not None and time.low > 0 else None


@kept
def _measures(spec: Spec) -> bool:
    return any(path.startswith("measured.") for path in spec.settings)


def measured(spec: Spec, item: Outcome) -> float | None:
    """The spec's own figure for a runtime in tokens per second."""
    found = spec.number("measured." + item.target.name)
    return float(found) if found is not None else None
