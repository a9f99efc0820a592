"""`servec.explain/1`: pages of rules, or why a target was or was not chosen."""

from __future__ import annotations

from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    from servec.cli.documents.candidate import ReasonDocument
    from servec.cli.documents.check import DiagnosticDocument


@record
class RuleDocument:
    """The explain page of one rule."""

    code: str
    severity: Literal["error", "warning", "note"]
    name: str
    title: str
    checks: str
    because: str
    wrong: str
    right: str
    source: str


@record
class WhyDocument:
    """What speaks for and against one target for one deployment; `chosen` is what was chosen."""

    name: str
    spec: str
    target: str
    status: Literal["chosen", "possible", "rejected"]
    chosen: str | None
    reasons: tuple[ReasonDocument, ...]


@record
class ExplainDocument:
    """Output of `explain`: `rules` for codes, `deployments` for `--why`."""

    schema: Literal["servec.explain/1"] = "servec.explain/1"
    rules: tuple[RuleDocument, ...] = ()
    deployments: tuple[WhyDocument, ...] = ()
    diagnostics: tuple[DiagnosticDocument, ...] = ()
    error: str = ""
