"""`servec.check/1`: the findings of `check`, and of every command that reports some."""

from __future__ import annotations

from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Literal


@record
class LabelDocument:
    """A place: 1-based lines and columns in code points, end column exclusive, byte offsets."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int
    text: str
    primary: bool
    start: int
    end: int


@record
class EditDocument:
    """Replace the bytes `start` to `end` of `file` by `text`."""

    file: str
    start: int
    end: int
    text: str


@record
class FixDocument:
    """What to write instead; `safe`: `check --fix` applies it."""

    title: str
    safe: bool
    edits: tuple[EditDocument, ...]


@record
class DiagnosticDocument:
    """One finding; `figures` are the numbers that prove it, by name."""

    code: str
    severity: Literal["error", "warning", "note"]
    message: str
    labels: tuple[LabelDocument, ...]
    figures: Mapping[str, int | float | str]
    fixes: tuple[FixDocument, ...]
    help: str


@record
class CheckDocument:
    """Output of `check`; `unlocked`: what `--locked` misses, `error`: why it failed early."""

    schema: Literal["servec.check/1"] = "servec.check/1"
    diagnostics: tuple[DiagnosticDocument, ...] = ()
    unlocked: tuple[str, ...] = ()
    error: str = ""
