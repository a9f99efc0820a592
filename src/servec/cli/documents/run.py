"""`servec.run/1`: what `run` prints."""

from __future__ import annotations

from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal


@record
class RunStepDocument:
    """A step and its end. `due` (of `--dry-run`): it would run; `skipped`: its product is there;
    `not_run`: the run ended before it. `log`: where its output lies, below the project's root."""

    name: str
    kind: Literal["download", "convert", "quantize", "build", "serve", "router", "probe", "bench"]
    state: Literal["due", "done", "skipped", "failed", "not_run"]
    command: tuple[str, ...]
    after: tuple[str, ...]
    makes: tuple[str, ...]
    seconds: float
    status: int | None
    why: str
    log: str


@record
class RunDocument:
    """Output of `run`; `ok`: every step that was due is done."""

    schema: Literal["servec.run/1"] = "servec.run/1"
    deployment: str = ""
    target: str = ""
    version: str = ""
    ok: bool = False
    dry_run: bool = False
    steps: tuple[RunStepDocument, ...] = ()
    diagnostics: tuple[DiagnosticDocument, ...] = ()
    error: str = ""


if TYPE_CHECKING:
    from servec.cli.documents.check import DiagnosticDocument
