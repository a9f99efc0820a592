"""`servec.diff/1`: what `diff` prints."""

from __future__ import annotations

from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Literal

    from servec.cli.documents.check import DiagnosticDocument


@record
class ChangeDocument:
    """One thing that is not the same: `old` and `new` are null where there is none.

    `where`: the process or role it is about. Of a `flag` they are its values as one types them,
    of a `prediction` a range of `low`, `value` and `high` (cost and power a number), of a `file`
    the digest of what is below its header.
    """

    part: Literal[
        "runtime",
        "plan",
        "process",
        "flag",
        "env",
        "secret",
        "image",
        "step",
        "file",
        "memory",
        "prediction",
        "promise",
        "finding",
    ]
    where: str
    name: str
    change: Literal["added", "removed", "changed"]
    old: Any
    new: Any


@record
class DiffedDocument:
    """A deployment on a runtime: `removed` and `added` where it is on one side alone.

    `old_target`, `new_target`: runtime and version, "" where there is none.
    """

    deployment: str
    change: Literal["added", "removed", "changed", "same"]
    old_target: str
    new_target: str
    changes: tuple[ChangeDocument, ...]


@record
class DiffDocument:
    """Output of `diff`; `same`: nothing that runs, and nothing that is predicted, differs."""

    schema: Literal["servec.diff/1"] = "servec.diff/1"
    old: str = ""
    new: str = ""
    same: bool = False
    deployments: tuple[DiffedDocument, ...] = ()
    diagnostics: tuple[DiagnosticDocument, ...] = ()
    error: str = ""
