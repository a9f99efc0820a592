"""Findings of a check as the protocol has them, and their fixes as edits."""

from __future__ import annotations

from lsprotocol import types as lsp
from pygls.uris import from_fs_path

from servec.cli.lsp.positions import Positions

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from servec.dsl.diagnostic import Diagnostic, Fix, Label, Span
    from servec.dsl.sources import Sources

SEVERITIES = {
    "error": lsp.DiagnosticSeverity.Error,
    "warning": lsp.DiagnosticSeverity.Warning,
    "note": lsp.DiagnosticSeverity.Information,
}


class Shown:
    """Turns spans of bytes into ranges of the protocol; each file is read once."""

    def __init__(self, sources: Sources) -> None:
        """`sources`: what the findings point into."""
        self._sources = sources
        self._files: dict[str, Positions] = {}

    def range(self, span: Span) -> lsp.Range:
        """The range of a span; at least one character wide where the span is."""
        where = self._positions(span.file)
        return lsp.Range(
            lsp.Position(*where.position(span.start)), lsp.Position(*where.position(span.end))
        )

    def _positions(self, path: str) -> Positions:
        if path not in self._files:
            self._files[path] = Positions(self._sources.read(path) or b"")
        return self._files[path]

    def diagnostic(self, found: Diagnostic) -> lsp.Diagnostic:
        """One finding: title, label and figures as its text, other lines as related places."""
        lines = [found.title, found.primary.text]
        lines += [figure.text for figure in found.figures if figure.text]
        lines += [f"fix: {fix.title}" for fix in found.fixes]
        return lsp.Diagnostic(
            range=self.range(found.primary.span),
            message="\n".join(line for line in lines if line),
            severity=SEVERITIES[found.severity],
            code=found.code,
            source="servec",
            related_information=[self._related(label) for label in found.secondary] or None,
        )

    def _related(self, label: Label) -> lsp.DiagnosticRelatedInformation:
        return lsp.DiagnosticRelatedInformation(
            location=lsp.Location(uri_of(label.span.file), self.range(label.span)),
            message=label.text,
        )

    def action(self, found: Diagnostic, fix: Fix) -> lsp.CodeAction:
        """A fix as a quick fix; preferred where it is safe."""
        changes: dict[str, list[lsp.TextEdit]] = {}
        for edit in fix.edits:
            made = lsp.TextEdit(self.range(edit.span), edit.insert)
            changes.setdefault(uri_of(edit.span.file), []).append(made)
        return lsp.CodeAction(
            title=f"{found.code}: {fix.title}",
            kind=lsp.CodeActionKind.QuickFix,
            diagnostics=[self.diagnostic(found)],
            is_preferred=fix.safe,
            edit=lsp.WorkspaceEdit(changes=changes),
        )


def uri_of(path: str) -> str:
    """The URI of a path."""
    return from_fs_path(path) or path


def by_file(found: Iterable[Diagnostic]) -> dict[str, list[Diagnostic]]:
    """The findings of each file, in order."""
    made: dict[str, list[Diagnostic]] = {}
    for each in found:
        made.setdefault(each.primary.span.file, []).append(each)
    return made
