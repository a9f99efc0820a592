"""`explain SPEC --why TARGET`: what speaks for and against one runtime."""

from __future__ import annotations

from servec.cli.checked import checked
from servec.cli.documents.explain import ExplainDocument, WhyDocument
from servec.cli.errors import UsageError
from servec.cli.given import given
from servec.cli.report import exit_code, report

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from servec.api import Checked
    from servec.cli.console import Console
    from servec.cli.sources import DiskSources
    from servec.compiler.result import Candidate, DeploymentResult

    Why = tuple[DeploymentResult, Candidate]


def explain_why(specs: Sequence[str], target: str, console: Console) -> int:
    """Print the reasons of `target` (`auto`: of what was chosen) for every deployment."""
    sources, names = given(specs)
    if not names:
        raise UsageError("--why explains a spec: `servec explain SPEC --why TARGET`")
    _must_exist(target)
    found = checked(sources, names)
    report(console, found.diagnostics, sources, names)
    whys = list(_whys(found, target))
    if not whys and target != "auto":
        whys = list(_not_asked_for(found, sources, names, target))
    if console.format == "json":
        from servec.cli.render.json import json_diagnostics

        shown = json_diagnostics(found.diagnostics, sources.read)
        documents = tuple(_document(each, candidate) for each, candidate in whys)
        console.json(ExplainDocument(deployments=documents, diagnostics=shown))
    else:
        for each, candidate in whys:
            _say(each, candidate, console)
        if not whys:
            console.err(f"{target} is no candidate here\n")
    return exit_code(found.diagnostics)


def _must_exist(target: str) -> None:
    from servec.api import BadTarget, target_words
    from servec.targets import TARGETS

    try:
        words = target_words(target, TARGETS)
    except BadTarget as error:
        raise UsageError(str(error)) from error
    if len(words) != 1 or words == ("all",):
        raise UsageError("--why takes one runtime, or auto for the one that is chosen")


def _whys(found: Checked, target: str) -> Iterator[Why]:
    for each in found.result.deployments:
        for candidate in each.candidates:
            if candidate.target == target or (target == "auto" and candidate is each.chosen):
                yield each, candidate


def _not_asked_for(
    found: Checked, sources: DiskSources, names: Sequence[str], target: str
) -> Iterator[Why]:
    """The target beside those that the spec asks for by name."""
    asked = {each.spec.name: each for each in found.result.deployments}
    for each, candidate in _whys(checked(sources, names, "all"), target):
        yield asked.get(each.spec.name, each), candidate


def _document(each: DeploymentResult, candidate: Candidate) -> WhyDocument:
    from servec.cli.render.compile import reason_documents

    return WhyDocument(
        name=each.spec.name,
        spec=each.spec.file,
        target=candidate.target,
        status=candidate.status,
        chosen=each.chosen.target if each.chosen else None,
        reasons=reason_documents(candidate.reasons),
    )


def _say(each: DeploymentResult, candidate: Candidate, console: Console) -> None:
    chosen = each.chosen
    asked = any(candidate is other for other in each.candidates)
    status = candidate.status if asked else f"{candidate.status}, but the spec names another"
    head = f"{each.spec.name}: {candidate.target} {candidate.version} is {status}"
    if chosen and chosen is not candidate:
        head += f"; {chosen.target} {chosen.version} is chosen"
    console.out(head + "\n")
    for reason in candidate.reasons:
        code = f" [{reason.code}]" if reason.code else ""
        console.out(f"  {'+' if reason.good else '-'} {reason.text}{code}\n")
