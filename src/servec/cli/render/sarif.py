"""Findings as SARIF 2.1.0, the form code-scanning services read.

Field by field as in the diagnostics reference; equal input gives an equal file: no time stamp, no
absolute path.
"""

from __future__ import annotations

from servec import __version__
from servec.cli.documents.plain import plain
from servec.cli.render.lines import Lines

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from servec.dsl.diagnostic import Diagnostic, Fix, Label, Span

    Read = Callable[[str], bytes | None]
    Relative = Callable[[str], str]

SCHEMA_URI = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
BASE = "SRCROOT"


def render_sarif(
    diagnostics: Sequence[Diagnostic],
    read: Read,
    relative: Relative,
    tables: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """One log with one run. `relative` turns a path into one below the project root."""
    writer = _Writer(read, relative)
    codes = sorted({item.code for item in diagnostics})
    index = {code: at for at, code in enumerate(codes)}
    run = _run(
        [_rule(code, diagnostics) for code in codes],
        [{"ruleIndex": index[item.code], **writer.result(item)} for item in diagnostics],
    )
    if tables:
        run["properties"] = {"tables": dict(sorted(tables.items()))}
    return _log(run)


def failed_sarif(text: str) -> dict[str, Any]:
    """The log of a call that came to no result: wrong usage, an unreadable file, a bug."""
    run = _run([], [])
    run["invocations"] = [
        {
            "executionSuccessful": False,
            "toolExecutionNotifications": [{"level": "error", "message": {"text": text}}],
        }
    ]
    return _log(run)


def _log(run: dict[str, Any]) -> dict[str, Any]:
    return {"$schema": SCHEMA_URI, "version": "2.1.0", "runs": [run]}


def _run(rules: list[dict[str, Any]], results: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "tool": {"driver": {"name": "servec", "version": __version__, "rules": rules}},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {BASE: {"description": {"text": "the project root"}}},
        "results": results,
    }


def _rule(code: str, diagnostics: Sequence[Diagnostic]) -> dict[str, Any]:
    from servec.cli.rulebook import page_of

    severity = next(item.severity for item in diagnostics if item.code == code)
    page = page_of(code)
    if page is None:
        return {"id": code, "defaultConfiguration": {"level": severity}}
    return {
        "id": code,
        "name": page.rule.name,
        "shortDescription": {"text": page.title},
        "help": {"text": f"{page.checks}\n{page.because}", "markdown": page.markdown},
        "defaultConfiguration": {"level": severity},
    }


class _Writer:
    """Builds results; keeps the line tables and counts equal fingerprints."""

    def __init__(self, read: Read, relative: Relative) -> None:
        self._read = read
        self._relative = relative
        self._files: dict[str, Lines] = {}
        self._prints: dict[str, int] = {}

    def _lines(self, file: str) -> Lines:
        if file not in self._files:
            self._files[file] = Lines(self._read(file) or b"")
        return self._files[file]

    def result(self, item: Diagnostic) -> dict[str, Any]:
        text = "\n".join([item.title, *(f.text for f in item.figures if f.text)])
        figures = {
            figure.name: plain(figure.value) for figure in item.figures if figure.value is not None
        }
        made: dict[str, Any] = {
            "ruleId": item.code,
            "level": item.severity,
            "message": {"text": text},
            "locations": [self._location(item.primary)],
            "partialFingerprints": {"servec/v1": self._fingerprint(item)},
        }
        if item.secondary:
            made["relatedLocations"] = [
                {"id": at, **self._location(label)} for at, label in enumerate(item.secondary, 1)
            ]
        fixes = [self._fix(fix) for fix in item.fixes if fix.edits]
        if fixes:
            made["fixes"] = fixes
        if figures:
            made["properties"] = {"figures": figures}
        return made

    def _location(self, label: Label) -> dict[str, Any]:
        made: dict[str, Any] = {
            "physicalLocation": {
                "artifactLocation": self._artifact(label.span.file),
                "region": self._region(label.span),
            }
        }
        if label.text:
            made["message"] = {"text": label.text}
        return made

    def _artifact(self, file: str) -> dict[str, str]:
        from urllib.parse import quote

        return {"uri": quote(self._relative(file)), "uriBaseId": BASE}

    def _region(self, span: Span) -> dict[str, int]:
        lines = self._lines(span.file)
        (line, column), (end_line, end_column) = lines.at(span.start), lines.at(span.end)
        return {
            "startLine": line,
            "startColumn": column,
            "endLine": end_line,
            "endColumn": end_column,
            "byteOffset": span.start,
            "byteLength": span.end - span.start,
        }

    def _fix(self, fix: Fix) -> dict[str, Any]:
        files = dict.fromkeys(edit.span.file for edit in fix.edits)
        return {
            "description": {"text": fix.title},
            "artifactChanges": [
                {
                    "artifactLocation": self._artifact(file),
                    "replacements": [
                        {
                            "deletedRegion": self._region(edit.span),
                            "insertedContent": {"text": edit.insert},
                        }
                        for edit in fix.edits
                        if edit.span.file == file
                    ],
                }
                for file in files
            ],
        }

    def _fingerprint(self, item: Diagnostic) -> str:
        """A hash of what was found, without line numbers, so that it survives edits above."""
        import hashlib

        span = item.primary.span
        said = self._lines(span.file).data[span.start : span.end].decode("utf-8", "replace")
        parts = (item.code, self._relative(span.file), item.deployment, " ".join(said.split()))
        found = hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()[:16]
        self._prints[found] = self._prints.get(found, 0) + 1
        return f"{found}:{self._prints[found]}"
