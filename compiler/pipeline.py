"""The compiler: resolved documents and runtimes in, a ranking with reasons and findings out.

Stages: facts (`survey`), what holds for every runtime, then for each runtime legality, memory
and prediction (`candidate`), the choice (`choose`), asserts, and whose error a finding is
(`report`). Nothing is read but the tables, nothing written.
"""

from __future__ import annotations

from servec.compiler.choice import report
from servec.compiler.choice.standings import candidates, further, promised, rejected, unfit
from servec.compiler.result import DeploymentResult, Result
from servec.compiler.search import everywhere
from servec.compiler.search.alternatives import take
from servec.compiler.search.candidate import outcome
from servec.compiler.search.survey import survey
from servec.dsl.record import record, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from servec.compiler.result import FleetResult, Request
    from servec.compiler.search.alternatives import Taken
    from servec.compiler.search.candidate import Outcome
    from servec.compiler.search.site import Alternative, Site
    from servec.compiler.target import Target
    from servec.dsl.diagnostic import Diagnostic
    from servec.dsl.document import Document
    from servec.dsl.spec import Spec


@record
class Aim:
    """Which runtimes are tried: `named` if they were asked for by name, `everything` for `all`.

    `brief`: candidates have no reasons. While one can serve, nothing is said of those that cannot,
    and those that run another's engine are not tried: they never come before it, so no finding
    hangs on them.
    """

    targets: tuple[Target, ...]
    named: bool
    everything: bool
    brief: bool = False


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
            from servec.compiler.fleet.placed import with_placed

            specs = with_placed(document)
        wanted = [spec for spec in specs if request.deployment in ("", spec.name)]
        own = _own(document, wanted, targets, request)
        others = files - {document.file}
        results += [item for item in own if item.spec.file not in others]
        for item in own:
            found += item.diagnostics
        if document.fleets and not request.deployment:
            from servec.compiler.fleet.placing import place

            for fleet in document.fleets:
                made, wrong = place(fleet, own)
                fleets.append(made)
                found += wrong
    unique = sorted(dict.fromkeys(found), key=lambda item: item.order)
    return Result(tuple(results), tuple(fleets), tuple(unique))


def _own(
    document: Document, wanted: list[Spec], targets: tuple[Target, ...], request: Request
) -> list[DeploymentResult]:
    """The deployments of one document, each within its share of a device."""

    def plan(spec: Spec) -> DeploymentResult:
        return deployment(spec, targets, request, document)

    if not document.fleets:
        return [plan(spec) for spec in wanted]
    from servec.compiler.fleet.shares import shared, within

    parts = shared(document)
    return [within(spec, parts.get((spec.file, spec.name)), plan) for spec in wanted]


def aim(spec: Spec, targets: tuple[Target, ...], request: Request) -> Aim:
    """The runtimes to try: `--target`, else the spec's `target`, else all of its `candidates`."""
    words = request.targets or (spec.word("target") or "auto",)
    if words[0] in ("auto", "all"):
        among = spec.words("candidates")
        kept = tuple(item for item in targets if not among or item.name in among)
        return Aim(kept, False, words[0] == "all", request.brief and words[0] == "auto")
    return Aim(tuple(item for item in targets if item.name in words), True, False)


def deployment(
    spec: Spec, targets: tuple[Target, ...], request: Request, document: Document | None = None
) -> DeploymentResult:
    """One deployment: every candidate with its reasons, and what is to be reported."""
    if spec.broken:
        from servec.compiler.search.partial import judged

        return DeploymentResult(spec, (), (), judged(spec, targets, request, document))
    wanted = aim(spec, targets, request)
    versions, found = everywhere.options(spec, targets)
    if not wanted.named:
        found += everywhere.words(spec, targets, versions)
    facts = survey(spec, request, wanted.named, document)
    found += facts.diagnostics
    if facts.alternatives:
        for part, read in readings(spec, facts.alternatives, wanted, targets, versions):
            found += everywhere.judge(part, read)
    wrong = tuple(item for item in found if item.severity == "error")
    if wrong:
        names = sorted(wanted.targets, key=lambda target: target.name)
        unfits = tuple(unfit(target, versions[target.name], wrong) for target in names)
        from servec.compiler.search.partial import judged

        return DeploymentResult(spec, unfits, (), judged(spec, targets, request, document))
    taken = taken_of(spec, facts.alternatives, wanted, versions)
    sites, tried = taken.sites, taken.tried
    found += report.refusals(spec, tried, wanted.named, targets, versions)
    everyone = wanted.named or wanted.everything
    made, due = candidates(spec, taken, everyone, wanted.brief)
    if request.wide:
        if made:
            from servec.compiler.search.apart import proposal

            made[0] = replace(made[0], reasons=(*made[0].reasons, *proposal(made[0], sites)))
        made += further(spec, sites, tried, taken.certain)
    refused = sorted((rejected(item) for item in tried if not item.legal), key=lambda c: c.target)
    found += report.emitted(due)
    if due:
        found += promised(spec, due[0], document)
    return DeploymentResult(spec, (*made, *refused), tuple(due), report.of(spec, tuple(found)))


def readings(
    spec: Spec,
    alternatives: tuple[Alternative, ...],
    wanted: Aim,
    targets: tuple[Target, ...],
    versions: dict[str, str],
) -> list[tuple[Spec, tuple[Alternative, ...]]]:
    """The spec as it stands, and as each `on` block with portable fields in it reads.

    Where one target is named, only its reading counts.
    """
    made: list[tuple[Spec, tuple[Alternative, ...]]] = []
    for target in targets:
        version = versions[target.name]
        lifted = target.lifted(spec, version) if version and target.name in spec.on else spec
        if lifted is not spec:
            own = [tuple(_lifted(s, target, version) for s in sites) for sites in alternatives]
            made.append((lifted, tuple(own)))
            if wanted.named and wanted.targets == (target,):
                return [made[-1]]
    return [(spec, alternatives), *made]


def taken_of(
    spec: Spec, alternatives: tuple[Alternative, ...], wanted: Aim, versions: dict[str, str]
) -> Taken:
    """Every wanted runtime, on the alternative that is taken."""

    def one(sites: Alternative, target: Target, terse: bool) -> Outcome:
        return outcome(
            target.lifted(spec, versions[target.name]),
            tuple(_lifted(site, target, versions[target.name]) for site in sites),
            target,
            versions[target.name],
            wanted.named,
            terse,
        )

    alone = len(alternatives) == 1

    def attempt(sites: Alternative, whole: bool = True) -> list[Outcome]:
        short = not whole and not wanted.named
        layers = _layers(spec) if short else {}
        known = [target for target in wanted.targets if versions[target.name]]
        tried = {t.name: one(sites, t, short) for t in known if t.name not in layers}
        for target in known:
            engine = tried.get(layers.get(target.name, ""))
            if target.name in layers and (engine is None or not engine.legal):
                tried[target.name] = one(sites, target, short)
        return [tried[target.name] for target in known if target.name in tried]

    if not alone:
        from servec.compiler.search.bounds import promising

        alternatives = promising(alternatives)
    enough = alone and not wanted.brief
    found = take(spec, alternatives, lambda sites: attempt(sites, enough))
    if enough or (wanted.brief and any(item.legal for item in found.tried)):
        return found
    return replace(found, tried=attempt(found.sites))


def _layers(spec: Spec) -> dict[str, str]:
    """The runtimes that need no trial where their engine serves, with that engine."""
    from servec.compiler.predict.ground import ENGINES

    def told(name: str) -> bool:
        return name in spec.on or spec.setting(f"measured.{name}") is not None

    return {name: engine for name, engine in ENGINES.items() if not told(name)}


def _lifted(site: Site, target: Target, version: str) -> Site:
    """The site with what its `on` block says of portable fields."""
    if target.name not in site.spec.on:
        return site
    return replace(site, spec=target.lifted(site.spec, version))
