"""Findings as data: the `diagnostics` of every JSON document."""

from __future__ import annotations

from fractions import Fraction

from servec.cli.render.lines import Lines

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from servec.dsl.diagnostic import Diagnostic, Label

    Read = Callable[[str], bytes | None]

SCHEMA = "servec.check/1"


def json_number(value: Fraction | int | str) -> int | float | str:
    """A figure for JSON: a whole number where it is one, else the nearest double."""
    if isinstance(value, Fraction):
        return int(value) if value.denominator == 1 else float(value)
    return value


def json_diagnostics(diagnostics: Sequence[Diagnostic], read: Read) -> list[dict[str, Any]]:
    """Each finding as one object, keys in the order of the diagnostics reference."""
    files: dict[str, Lines] = {}

    def place(label: Label, primary: bool) -> dict[str, Any]:
        span = label.span
        if span.file not in files:
            files[span.file] = Lines(read(span.file) or b"")
        line, column = files[span.file].at(span.start)
        end_line, end_column = files[span.file].at(span.end)
        return {
            "file": span.file,
            "line": line,
            "column": column,
            "end_line": end_line,
            "end_column": end_column,
            "text": label.text,
            "primary": primary,
            "start": span.start,
            "end": span.end,
        }

    return [
        {
            "code": item.code,
            "severity": item.severity,
            "message": item.title,
            "labels": [
                place(item.primary, True),
                *(place(label, False) for label in item.secondary),
            ],
            "figures": {
                figure.name: json_number(figure.value)
                for figure in item.figures
                if figure.value is not None
            },
            "fixes": [
                {
                    "title": fix.title,
                    "safe": fix.safe,
                    "edits": [
                        {
                            "file": edit.span.file,
                            "start": edit.span.start,
                            "end": edit.span.end,
                            "text": edit.insert,
                        }
                        for edit in fix.edits
                    ],
                }
                for fix in item.fixes
            ],
            "help": f"servec explain {item.code}",
        }
        for item in diagnostics
    ]
