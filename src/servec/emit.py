"""From a candidate to the subject that its artifacts are written about."""

from __future__ import annotations

from servec import __version__
from servec.targets.shared.artifacts.subject import Subject

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.result import Candidate, DeploymentResult
    from servec.dsl.sources import Sources
    from servec.dsl.spec import Spec


def subject_of(
    each: DeploymentResult, candidate: Candidate, sources: Sources, forms: tuple[str, ...]
) -> Subject:
    """Everything the artifacts of `candidate` may say; `forms` win over those of the spec."""
    from servec.compiler.checklist import checklist

    spec = each.spec
    second = next_best(each, candidate)
    plan = candidate.plan
    return Subject(
        deployment=spec.name,
        target=candidate.target,
        spec=spec_path(spec, sources),
        digest=spec.digest,
        servec=__version__,
        tables=tables(candidate),
        launch=candidate.launch(),
        cases=candidate.cases,
        replicas=plan.replicas if plan else spec.whole("replicas") or 1,
        reasons=candidate.reasons,
        second=second,
        forms=forms or spec.words("forms"),
        checklist=checklist(candidate.cases[-1], second),
    )


def spec_path(spec: Spec, sources: Sources) -> str:
    """The path of a spec as artifacts name it: below its project root, however it was typed."""
    return sources.below(spec.file, spec.file) or spec.file.rpartition("/")[2]


def next_best(each: DeploymentResult, candidate: Candidate) -> str:
    """The target that follows in the ranking of a deployment, "" where none does."""
    others = (c.target for c in each.candidates if not c.rejected and c.target != candidate.target)
    return next(others, "")


def tables(candidate: Candidate) -> dict[str, str]:
    """The tables that a candidate was planned and written by, name to SHA-256."""
    from servec.targets.shared.digests import table_digests

    return dict(table_digests(candidate.target, candidate.version))
