"""Documents of the commands that have little to say."""

from __future__ import annotations

from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any, Literal

    from servec.cli.documents.check import DiagnosticDocument


@record
class FmtFileDocument:
    """One file: whether its canonical form is another text (`text`, for stdin)."""

    file: str
    changed: bool
    text: str


@record
class FmtDocument:
    """Output of `fmt`."""

    schema: Literal["servec.fmt/1"] = "servec.fmt/1"
    files: tuple[FmtFileDocument, ...] = ()
    diagnostics: tuple[DiagnosticDocument, ...] = ()
    error: str = ""


@record
class InitDocument:
    """Output of `init`: the files that were written."""

    schema: Literal["servec.init/1"] = "servec.init/1"
    files: tuple[str, ...] = ()
    error: str = ""


@record
class CompletionDocument:
    """Output of `completion`: the script."""

    schema: Literal["servec.completion/1"] = "servec.completion/1"
    shell: str = ""
    script: str = ""
    error: str = ""


@record
class SchemaDocument:
    """Output of `schema`: a JSON Schema (2020-12) for each document, by its name."""

    schema: Literal["servec.schema/1"] = "servec.schema/1"
    schemas: Mapping[str, Any] = {}
    error: str = ""


@record
class ErrorDocument:
    """What stands on stdout where not even the command is known."""

    schema: Literal["servec.error/1"] = "servec.error/1"
    error: str = ""
