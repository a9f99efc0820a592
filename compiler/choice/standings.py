"""The outcomes of all runtimes as candidates in order, with reasons and their own findings."""

from __future__ import annotations

from servec.compiler.choice import report
from servec.compiler.plan import Reason
from servec.compiler.result import Candidate
from servec.dsl.record import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.choice.policy import Policy
    from servec.compiler.search.alternatives import Taken
    from servec.compiler.search.candidate import Outcome
    from servec.compiler.search.site import Alternative
    from servec.compiler.target import Target
    from servec.dsl.diagnostic import Diagnostic
    from servec.dsl.document import Document
    from servec.dsl.spec import Spec


NEARER = (
    "no runtime likely keeps every promise; {} comes nearest by prediction, within the error of"
    " both, which orders nothing"
)
"""What is said of a first whose promises another comes nearer to."""


def candidates(
    spec: Spec, taken: Taken, everyone: bool, brief: bool = False
) -> tuple[list[Candidate], list[Candidate]]:
    """The candidates that can serve, best first, and those of them to emit, with their findings.

    `everyone` of them is emitted, or the chosen one alone. `brief`: without reasons.
    """
    from servec.compiler.choice.choose import ranked
    from servec.compiler.choice.policy import policy

    legal = [item for item in taken.tried if item.legal]
    if not legal:
        return [], []
    rows = policy(spec, taken.sites)
    order = ranked(spec, legal, rows, taken.certain)
    made = [_legal(item, order[0]) for item in order]
    if not brief:
        from servec.compiler.search.alternatives import reasons

        why = [_reasons(spec, item, order, rows, taken.certain) for item in order]
        why[0] = (*why[0], *reasons(spec, taken))
        made = [replace(each, reasons=lines) for each, lines in zip(made, why, strict=True)]
    for place in range(len(made) if everyone else 1):
        cases = made[place].cases
        own = tuple(found for case in cases for found in report.findings(case))
        made[place] = replace(made[place], diagnostics=own)
    return made, made[:] if everyone else made[:1]


def _legal(item: Outcome, first: Outcome) -> Candidate:
    return Candidate(
        target=item.target.name,
        version=item.version,
        status="chosen" if item is first else "possible",
        cases=item.cases,
        performance=item.performance,
    )


def _reasons(
    spec: Spec, item: Outcome, order: tuple[Outcome, ...], rows: Policy, certain: bool
) -> tuple[Reason, ...]:
    """What speaks for and against one of them; first what decided against it."""
    from servec.compiler.choice.choose import decided, nearest
    from servec.compiler.choice.reasons import candidate

    first, second = order[0], order[1] if len(order) > 1 else None
    lines = candidate(spec, item, first, second, rows)
    if item is first:
        nearer = nearest(order, rows)
        text = NEARER.format(nearer.target.name) if nearer is not None else ""
        return (*lines, Reason("nearest", text, good=False)) if text else lines
    return (Reason("decided", decided(spec, item, order, rows, certain), good=False), *lines)


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
    found = (*item.reach, *item.refused)
    if not found:
        return Candidate(item.target.name, item.version, "rejected")
    from servec.compiler.choice.reasons import refusal

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
