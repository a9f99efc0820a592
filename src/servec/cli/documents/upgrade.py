"""`servec.upgrade/1`: what a runtime upgrade touches in specs."""

from __future__ import annotations

from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    from servec.cli.documents.check import EditDocument
    from servec.cli.documents.runtimes import ChangeDocument


@record
class TouchedDocument:
    """A line that is touched; `code` is "" where it states the version. `safe` edits are what
    `--write` makes."""

    file: str
    line: int
    deployment: str
    code: str
    message: str
    fix: str
    safe: bool
    edits: tuple[EditDocument, ...]


@record
class PlanChangeDocument:
    """What changes for one deployment when it is planned on both versions: codes that refuse it
    only on the new one, and words that only one of the commands has."""

    file: str
    deployment: str
    refused: tuple[str, ...]
    dropped: tuple[str, ...]
    added: tuple[str, ...]


@record
class UpgradeDocument:
    """Output of `upgrade`. `defaults` and `removed` are those of the runtime, whatever the specs
    say; `written` are the files that `--write` changed."""

    schema: Literal["servec.upgrade/1"] = "servec.upgrade/1"
    runtime: str = ""
    from_: str = ""
    to: str = ""
    specs: int = 0
    touched: tuple[TouchedDocument, ...] = ()
    plans: tuple[PlanChangeDocument, ...] = ()
    defaults: tuple[ChangeDocument, ...] = ()
    removed: tuple[ChangeDocument, ...] = ()
    written: tuple[str, ...] = ()
    error: str = ""
