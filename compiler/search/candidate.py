"""One runtime on one alternative: its best plan for each role, predicted, or why it has none."""

from __future__ import annotations

from servec.compiler.choice.objective import MET, better_of, likely, standing
from servec.compiler.decide import replicas
from servec.compiler.search.assess import Attempt, assess
from servec.compiler.search.planning import planned
from servec.dsl.record import record, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.plan import Performance, Reason
    from servec.compiler.search.site import Alternative, Site
    from servec.compiler.target import Case, Target
    from servec.dsl.diagnostic import Diagnostic
    from servec.dsl.spec import Spec

MOST_NODES = 8
"""Numbers of nodes of a replica that are tried between two bounds."""


@record
class Outcome:
    """What became of one runtime: `cases` with plan, memory and performance, or its refusals.

    `others` are further plans of a deployment without roles, best first. `performance` is that of
    the whole: with roles the first token is prefill's and the rest decode's. `failed` has the plan
    that `refused` speaks of. `told`: what else speaks for and against it.
    """

    target: Target
    version: str
    named: bool
    cases: tuple[Case, ...] = ()
    performance: Performance | None = None
    others: tuple[Case, ...] = ()
    reach: tuple[Diagnostic, ...] = ()
    refused: tuple[Diagnostic, ...] = ()
    failed: Case | None = None
    told: tuple[Reason, ...] = ()

    @property
    def legal(self) -> bool:
        """Whether it can serve."""
        return bool(self.cases)

    @property
    def case(self) -> Case:
        """The case that stands for the whole: decode's where there are roles."""
        return self.cases[-1]


def outcome(
    spec: Spec,
    sites: Alternative,
    target: Target,
    version: str,
    named: bool,
    terse: bool = False,
) -> Outcome:
    """Try a runtime on every site of an alternative; `terse` as in `assess`."""
    made = Outcome(target, version, named)
    if spec.roles or spec.setting("transfer"):
        refused = _transfer(spec, sites, target, version, named)
        if refused is not None:
            return replace(made, refused=(refused,))
    plans: list[tuple[Case, ...]] = []
    attempts: list[Attempt] = []
    for site in sites:
        attempt, ranked = best(site, target, version, named, terse)
        if not ranked:
            return replace(
                made, reach=attempt.reach, refused=attempt.refused, failed=attempt.failed
            )
        plans.append(ranked)
        attempts.append(attempt)
    if len(plans) > 1:
        from servec.compiler.search.matching import matched

        cases = matched(attempts, plans)
        return replace(made, cases=tuple(cases), performance=joined(cases))
    first, *others = plans[0]
    whole = first.performance
    made = replace(made, cases=(first,), performance=whole, others=tuple(others))
    if whole is None or not whole.slo or likely(whole):
        return made
    from servec.compiler.search.apart import parted

    return parted(sites[0], made)


def _transfer(
    spec: Spec, sites: Alternative, target: Target, version: str, named: bool
) -> Diagnostic | None:
    from servec.compiler.rules import srv407_transfer
    from servec.compiler.target import Case, able

    site = sites[0]
    case = Case(
        spec=spec,
        target=target,
        capabilities=able(target, spec, version),
        model=site.model,
        device=site.device,
        devices_per_node=site.per_node,
        nodes=1,
        named=named,
    )
    return srv407_transfer.check(case, spec)


def node_counts(spec: Spec) -> tuple[int, ...]:
    """The numbers of nodes of a replica that the spec admits, fewest first."""
    low, high = spec.lower("nodes"), spec.upper("nodes")
    if low is None and high is None:
        return (1,)
    first = int(str(low.value)) if low is not None else 1
    last = int(str(high.value)) if high is not None else first
    return tuple(range(first, max(first, min(last, first + MOST_NODES)) + 1))


def best(
    site: Site, target: Target, version: str, named: bool, terse: bool = False
) -> tuple[Attempt, tuple[Case, ...]]:
    """The plans of a runtime on a site, best first, on the fewest nodes that promise as much."""
    kept: tuple[Case, ...] = ()
    last: Attempt | None = None
    for nodes in node_counts(site.spec):
        attempt = assess(site, target, version, named, nodes, terse)
        if not attempt.plans:
            last = last or attempt
            continue
        ranked = better_of([predicted(case) for case in attempt.plans])
        ranked = _sized((_copied(attempt, ranked[0]), *ranked[1:]))
        ranked = (explained(attempt, ranked[0]), *ranked[1:])
        now = standing(ranked[0].performance)
        if not kept or now < standing(kept[0].performance):
            kept, last = ranked, attempt
        if now == MET:
            break
    assert last is not None
    return last, kept


def _sized(ranked: tuple[Case, ...]) -> tuple[Case, ...]:
    """The plans, with other sizes where the usual ones break a promise; a role alone breaks none
    that the other might not mend."""
    performance = ranked[0].performance
    if performance is None or not performance.slo or likely(performance) or ranked[0].role:
        return ranked
    from servec.compiler.search.sizes import resized

    return resized(ranked)


def predicted(case: Case) -> Case:
    """The case with what is predicted of it; unchanged where nothing is known of the model."""
    if case.model is None or case.memory is None:
        return case
    from servec.compiler.predict.predict import predict

    return replace(case, performance=predict(case))


def _copied(attempt: Attempt, case: Case) -> Case:
    """The case with the fewest copies at which the promises stand as well as they can."""
    plan, way, kept = case.plan, attempt.way, case
    if plan is None or way is None or case.performance is None:
        return case
    for number in replicas.choices(case.spec)[1:]:
        if standing(kept.performance) == MET:
            break
        more = predicted(planned(way, plan.degrees, plan.kv, number))
        if _keeping(more) < _keeping(kept):
            kept = more
    return kept


def _keeping(case: Case) -> tuple[int, bool]:
    """How a case stands to its promises, and whether it does not even likely keep them."""
    return standing(case.performance), not likely(case.performance)


def explained(attempt: Attempt, case: Case) -> Case:
    """The case with the reasons of every decision in its plan."""
    from servec.compiler.decisions import decisions

    files = attempt.way.files if attempt.way is not None else None
    return replace(case, plan=replace(case.plan, reasons=decisions(case, files)))


def joined(cases: list[Case]) -> Performance | None:
    """The prediction of prefill and decode together: nothing is claimed that only one knows."""
    from servec.compiler.plan import Performance

    first, second = cases[0].performance, cases[1].performance
    if first is None or second is None:
        return None
    from servec.compiler.predict.roles import apart

    whole = apart(cases[0], cases[1])
    if whole is not None:
        return replace(
            whole, cost=_sum(first.cost, second.cost), power=_sum(first.power, second.power)
        )
    why = first.abstained or second.abstained
    return Performance(
        ttft=first.ttft,
        tpot=second.tpot,
        slo=(
            *(line for line in first.slo if line.metric.startswith("ttft")),
            *(line for line in second.slo if not line.metric.startswith("ttft")),
        ),
        cost=_sum(first.cost, second.cost),
        power=_sum(first.power, second.power),
        abstained=why or "prefill and decode apart: no rate at which both keep up is known",
        notes=(*first.notes, *second.notes),
    )


def _sum(one: float | None, two: float | None) -> float | None:
    return None if one is None or two is None else one + two
