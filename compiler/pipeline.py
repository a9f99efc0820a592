"""The compiler: resolved documents and runtimes in, a ranking with reasons and findings out.

Stages: facts (`survey`), what holds for every runtime, then for each runtime legality, memory
and prediction (`candidate`), the choice (`choose`), asserts, and whose error a finding is
(`report`). Nothing is read but the tables, nothing written.
"""

from __future__ import annotations

from servec.compiler import everywhere, report
from servec.compiler.candidate import outcome
from servec.compiler.objective import MET, standing
from servec.compiler.result import Candidate, DeploymentResult, Result
from servec.compiler.survey import survey
from servec.dsl.record import record, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from servec.compiler.candidate import Outcome
    from servec.compiler.policy import Policy
    from servec.compiler.result import FleetResult, Request
    from servec.compiler.site import Alternative, Site
    from servec.compiler.target import Target
    from servec.dsl.diagnostic import Diagnostic
    from servec.dsl.spec import Document, Spec


NONE = 9
"""Behind every standing: no runtime can serve."""


@record
class Aim:
    """Which runtimes are tried: `named` if they were asked for by name, `everything` for `all`."""

    targets: tuple[Target, ...]
    named: bool
    everything: bool


def compile_documents(
    documents: Sequence[Document], targets: tuple[Target, ...], request: Request
) -> Result:
    """Plan every deployment of the documents on every runtime it may use, and choose.

    Deployments that a fleet places from an imported file are compiled with it, unless that file is
    among the documents: then its own stand for them. Findings of the user's making are in the
    result, sorted; an exception is a bug.
    """
    files = {document.file for document in documents}
    results: list[DeploymentResult] = []
    fleets: list[FleetResult] = []
    found: list[Diagnostic] = []
    for document in documents:
        specs = document.deployments
        if document.fleets:
            from servec.compiler.placed import with_placed

            specs = with_placed(document)
        wanted = [spec for spec in specs if request.deployment in ("", spec.name)]
        own = [deployment(spec, targets, request, document) for spec in wanted]
        others = files - {document.file}
        results += [item for item in own if item.spec.file not in others]
        for item in own:
            found += item.diagnostics
        if document.fleets and not request.deployment:
            from servec.compiler.fleet import place

            for fleet in document.fleets:
                made, wrong = place(fleet, own)
                fleets.append(made)
                found += wrong
    unique = sorted(dict.fromkeys(found), key=lambda item: item.order)
    return Result(tuple(results), tuple(fleets), tuple(unique))


def aim(spec: Spec, targets: tuple[Target, ...], request: Request) -> Aim:
    """The runtimes to try: `--target`, else the spec's `target`, else all of its `candidates`."""
    words = request.targets or (spec.word("target") or "auto",)
    if words[0] in ("auto", "all"):
        among = spec.words("candidates")
        kept = tuple(item for item in targets if not among or item.name in among)
        return Aim(kept, False, words[0] == "all")
    return Aim(tuple(item for item in targets if item.name in words), True, False)


def deployment(
    spec: Spec, targets: tuple[Target, ...], request: Request, document: Document | None = None
) -> DeploymentResult:
    """One deployment: every candidate with its reasons, and what is to be reported."""
    if spec.broken:
        return DeploymentResult(spec, ())
    wanted = aim(spec, targets, request)
    versions, found = everywhere.options(spec, targets)
    facts = survey(spec, request, wanted.named, document)
    found += facts.diagnostics
    if facts.alternatives:
        found += everywhere.judge(spec, facts.alternatives)
    if any(item.severity == "error" for item in found):
        return DeploymentResult(spec, (), (), report.of(spec, tuple(found)))
    sites, tried = _try(spec, facts.alternatives, wanted, versions)
    found += report.refusals(spec, tried, wanted.named, targets, versions)
    made, emit, told = _judge(spec, sites, tried, wanted, request)
    found += told
    return DeploymentResult(spec, made, emit, report.of(spec, tuple(found)))


def _try(
    spec: Spec, alternatives: tuple[Alternative, ...], wanted: Aim, versions: dict[str, str]
) -> tuple[Alternative, list[Outcome]]:
    """The first alternative that keeps the promises; else the one that comes nearest; else the
    first. With `model = auto` the first that fits: a larger model comes before a promise.
    """
    kept: tuple[Alternative, list[Outcome]] | None = None
    best = NONE
    enough = NONE - 1 if spec.word("model") == "auto" else MET
    for sites in alternatives:
        tried = [
            outcome(
                target.lifted(spec, versions[target.name]),
                tuple(_lifted(site, target, versions[target.name]) for site in sites),
                target,
                versions[target.name],
                wanted.named,
            )
            for target in wanted.targets
            if versions[target.name]
        ]
        now = min((standing(item.performance) for item in tried if item.legal), default=NONE)
        if kept is None or now < best:
            kept, best = (sites, tried), now
        if now <= enough:
            break
    assert kept is not None
    return kept


def _lifted(site: Site, target: Target, version: str) -> Site:
    """The site with what its `on` block says of portable fields."""
    if target.name not in site.spec.on:
        return site
    return replace(site, spec=target.lifted(site.spec, version))


def _judge(
    spec: Spec, sites: Alternative, tried: list[Outcome], wanted: Aim, request: Request
) -> tuple[tuple[Candidate, ...], tuple[Candidate, ...], tuple[Diagnostic, ...]]:
    """The candidates in order, those to emit, and what is reported of them."""
    from servec.compiler.choose import ranked
    from servec.compiler.policy import policy

    rows = policy(spec, sites)
    order = ranked(spec, [item for item in tried if item.legal], rows)
    made = [_legal(spec, item, order, rows) for item in order]
    emitted = made if wanted.named or wanted.everything else made[:1]
    told: list[Diagnostic] = []
    for place, item in enumerate(emitted):
        own = tuple(found for case in item.cases for found in report.findings(case))
        told += own
        made[place] = replace(item, diagnostics=own)
    emit = tuple(made[: len(emitted)])
    if emit:
        told += _promised(spec, emit[0])
    refused = [_rejected(item) for item in tried if not item.legal]
    more = _more(order) if request.wide else []
    refused.sort(key=lambda item: item.target)
    return (*made, *more, *refused), emit, tuple(told)


def _promised(spec: Spec, chosen: Candidate) -> list[Diagnostic]:
    """Asserts, and the limits of cost and power, of the chosen candidate."""
    found: list[Diagnostic] = []
    if spec.asserts or any(part.asserts for part in spec.roles.values()):
        from servec.compiler.asserts import judged

        found += judged(spec, chosen)
    if "limits.cost" in spec.settings or "limits.power" in spec.settings:
        from servec.compiler.rules import srv502_budget

        found += srv502_budget.check(spec, chosen.cases)
    return found


def _legal(spec: Spec, item: Outcome, order: tuple[Outcome, ...], rows: Policy) -> Candidate:
    from servec.compiler.reasons import candidate

    first, second = order[0], order[1] if len(order) > 1 else None
    return Candidate(
        target=item.target.name,
        version=item.version,
        status="chosen" if item is first else "possible",
        reasons=candidate(spec, item, first, second, rows),
        cases=item.cases,
        performance=item.performance,
    )


def _more(order: tuple[Outcome, ...]) -> list[Candidate]:
    """Further plans of each runtime."""
    return [
        Candidate(
            target=item.target.name,
            version=item.version,
            status="possible",
            cases=(case,),
            performance=case.performance,
        )
        for item in order
        for case in item.others
    ]


def _rejected(item: Outcome) -> Candidate:
    from servec.compiler.reasons import refusal

    found = (*item.reach, *item.refused)
    return Candidate(
        target=item.target.name,
        version=item.version,
        status="rejected",
        reasons=refusal(found),
        diagnostics=found,
    )
