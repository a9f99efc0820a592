"""Compiles specs that tests hold as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from servec.compiler.pipeline import compile_documents
from servec.compiler.result import Request
from servec.compiler.search.survey import survey
from servec.dsl.load import load
from servec.dsl.sources import MemorySources
from servec.targets import TARGETS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from servec.compiler.result import Candidate, DeploymentResult, Result
    from servec.compiler.search.site import Alternative
    from servec.dsl.diagnostic import Diagnostic


def compiled(
    text: str | Mapping[str, str], targets: tuple[str, ...] = (), wide: bool = False
) -> Result:
    """The result of a spec, or of the file `x.srv` among several."""
    files = {"x.srv": text} if isinstance(text, str) else text
    path = "x.srv" if "x.srv" in files else next(iter(files))
    sources = MemorySources(files)
    document, found = load(sources, path)
    assert document is not None, found
    assert not found, found
    return compile_documents([document], TARGETS, Request(targets, wide=wide, sources=sources))


def body(lines: str, name: str = "x") -> str:
    """A spec of one deployment with these lines."""
    return f'servec 1\n\ndeployment "{name}" {{\n{lines}\n}}\n'


def one(lines: str, targets: tuple[str, ...] = (), wide: bool = False) -> DeploymentResult:
    """The result of the one deployment with these lines."""
    (found,) = compiled(body(lines), targets, wide).deployments
    return found


def codes(found: Result | DeploymentResult) -> list[str]:
    """The codes of all findings, in their order."""
    return [item.code for item in found.diagnostics]


def finding(found: Result | DeploymentResult, code: str) -> Diagnostic:
    """The first finding of a code."""
    return next(item for item in found.diagnostics if item.code == code)


def of(found: DeploymentResult, target: str) -> Candidate:
    """The first candidate of a target."""
    return next(item for item in found.candidates if item.target == target)


def reasons(candidate: Candidate, good: bool | None = None) -> dict[str, str]:
    """The reasons of a candidate by code; only those for or against where asked."""
    return {r.code: r.text for r in candidate.reasons if good is None or r.good is good}


def survey_of(text: str) -> tuple[Alternative, ...]:
    """What the one deployment of a spec may stand on."""
    document, found = load(MemorySources({"x.srv": text}), "x.srv")
    assert document is not None and not found
    (spec,) = document.deployments
    return survey(spec, Request(), False, document).alternatives
