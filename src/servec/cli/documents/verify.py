"""`servec.verify/1`: what the runtimes' own parsers said."""

from __future__ import annotations

from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal


@record
class VerifiedDocument:
    """One process. `stage` is the one that refused it, or the last one it passed.

    `only_parsed`: why its configuration was not resolved, "" if it was. `error`: the runtime's.
    """

    deployment: str
    target: str
    version: str
    process: str
    ok: bool
    stage: Literal["argparse", "validate", "resolve", "crash"]
    error: str
    only_parsed: str


@record
class VerifyDocument:
    """Output of `verify`. `missing`: runtimes with version that are not installed here."""

    schema: Literal["servec.verify/1"] = "servec.verify/1"
    emitted: int = 0
    accepted: int = 0
    resolved: int = 0
    processes: tuple[VerifiedDocument, ...] = ()
    missing: tuple[str, ...] = ()
    error: str = ""
