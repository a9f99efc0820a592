"""Findings as data: the `diagnostics` of every JSON document."""

from __future__ import annotations

from servec.cli.documents.check import (
    DiagnosticDocument,
    EditDocument,
    FixDocument,
    LabelDocument,
)
from servec.cli.render.lines import Lines

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from servec.dsl.diagnostic import Diagnostic, Fix, Label

    Read = Callable[[str], bytes | None]


def json_diagnostics(
    diagnostics: Sequence[Diagnostic], read: Read
) -> tuple[DiagnosticDocument, ...]:
    """Each finding as a document, keys in the order of the diagnostics reference."""
    files: dict[str, Lines] = {}

    def place(label: Label, primary: bool) -> LabelDocument:
        span = label.span
        if span.file not in files:
            files[span.file] = Lines(read(span.file) or b"")
        start, end = files[span.file].at(span.start), files[span.file].at(span.end)
        return LabelDocument(span.file, *start, *end, label.text, primary, span.start, span.end)

    return tuple(
        DiagnosticDocument(
            code=item.code,
            severity=item.severity,
            message=item.title,
            labels=(
                place(item.primary, True),
                *(place(label, False) for label in item.secondary),
            ),
            figures={
                figure.name: figure.value  # type: ignore[misc]  # `plain` makes fractions doubles
                for figure in item.figures
                if figure.value is not None
            },
            fixes=tuple(_fix(fix) for fix in item.fixes),
            help=f"servec explain {item.code}",
        )
        for item in diagnostics
    )


def _fix(fix: Fix) -> FixDocument:
    edits = (EditDocument(e.span.file, e.span.start, e.span.end, e.insert) for e in fix.edits)
    return FixDocument(fix.title, fix.safe, tuple(edits))
