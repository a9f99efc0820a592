"""The outcomes of all runtimes as candidates in order, with reasons and their own findings."""

from __future__ import annotations

from servec.compiler.choice import report
from servec.compiler.plan import Reason
from servec.compiler.result import Candidate
from servec.dsl.record import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.choice.policy import Policy
    from servec.compiler.search.candidate import Outcome
    from servec.compiler.search.site import Alternative
    from servec.compiler.target import Target
    from servec.dsl.diagnostic import Diagnostic
    from servec.dsl.document import Document
    from servec.dsl.spec import Spec


def candidates(
    spec: Spec,
    sites: Alternative,
    tried: list[Outcome],
    everyone: bool,
    told: tuple[Reason, ...] = (),
    certain: bool = False,
) -> tuple[list[Candidate], list[Candidate]]:
    """The candidates that can serve, best first, and those of them to emit, with their findings.

    `everyone` of them is emitted, or the chosen one alone. `told`: what else speaks for the first;
    `certain`: as in `ranked`.
    """
    from servec.compiler.choice.choose import ranked
    from servec.compiler.choice.policy import policy

    legal = [item for item in tried if item.legal]
    if not legal:
        return [], []
    rows = policy(spec, sites)
    order = ranked(spec, legal, rows, certain)
    made = [_legal(spec, item, order, rows, certain) for item in order]
    if told:
        made[0] = replace(made[0], reasons=(*made[0].reasons, *told))
    for place in range(len(made) if everyone else 1):
        cases = made[place].cases
        own = tuple(found for case in cases for found in report.findings(case))
        made[place] = replace(made[place], diagnostics=own)
    return made, made[:] if everyone else made[:1]


def _legal(
    spec: Spec, item: Outcome, order: tuple[Outcome, ...], rows: Policy, certain: bool
) -> Candidate:
    from servec.compiler.choice.choose import decided
    from servec.compiler.choice.reasons import candidate

    first, second = order[0], order[1] if len(order) > 1 else None
    why = () if item is first else (decided(spec, item, order, rows, certain),)
    return Candidate(
        target=item.target.name,
        version=item.version,
        status="chosen" if item is first else "possible",
        reasons=(
            *(Reason("decided", text, good=False) for text in why),
            *candidate(spec, item, first, second, rows),
        ),
        cases=item.cases,
        performance=item.performance,
    )


def further(
    spec: Spec, sites: Alternative, tried: list[Outcome], certain: bool = False
) -> list[Candidate]:
    """Further plans of each runtime that can serve, in the order of the runtimes."""
    from servec.compiler.choice.choose import ranked
    from servec.compiler.choice.policy import policy
    from servec.compiler.choice.reasons import candidate

    rows = policy(spec, sites)
    made: list[Candidate] = []
    for item in ranked(spec, [item for item in tried if item.legal], rows, certain):
        for case in item.others:
            own = case.performance
            other = replace(item, cases=(case,), performance=own, others=(), told=())
            made.append(
                Candidate(
                    target=item.target.name,
                    version=item.version,
                    status="possible",
                    reasons=candidate(spec, other, item, None, rows),
                    cases=(case,),
                    performance=case.performance,
                )
            )
    return made


def rejected(item: Outcome) -> Candidate:
    """A candidate that cannot serve, with the codes that reject it."""
    from servec.compiler.choice.reasons import refusal

    found = (*item.reach, *item.refused)
    return Candidate(
        target=item.target.name,
        version=item.version,
        status="rejected",
        reasons=refusal(found),
        diagnostics=found,
    )


def unfit(target: Target, version: str, found: tuple[Diagnostic, ...]) -> Candidate:
    """A candidate that the spec's own errors, which hold for every target, leave without a plan."""
    from servec.compiler.choice.reasons import refusal

    return Candidate(target.name, version, "rejected", refusal(found))


def promised(spec: Spec, chosen: Candidate, document: Document | None) -> list[Diagnostic]:
    """Asserts, and the limits of cost and power, of the chosen candidate."""
    found: list[Diagnostic] = []
    if spec.asserts or any(part.asserts for part in spec.roles.values()):
        from servec.compiler.asserts import judged

        found += judged(spec, chosen)
    if "limits.cost" in spec.settings or "limits.power" in spec.settings:
        from servec.compiler.fleet.placed import pool_of
        from servec.compiler.rules import srv502_budget

        found += srv502_budget.check(spec, chosen.cases, pool_of(document, spec))
    return found
