"""Findings as annotations of GitHub Actions: one workflow command for each."""

from __future__ import annotations

from servec.cli.render.lines import Lines

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from servec.dsl.diagnostic import Diagnostic

    Read = Callable[[str], bytes | None]

COMMAND = {"error": "error", "warning": "warning", "note": "notice"}


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def render_github(diagnostics: Sequence[Diagnostic], read: Read) -> str:
    """One line for each finding: title, figures, other guilty lines and the first fix."""
    files: dict[str, Lines] = {}

    def lines(file: str) -> Lines:
        if file not in files:
            files[file] = Lines(read(file) or b"")
        return files[file]

    out = []
    for item in diagnostics:
        span = item.primary.span
        line, column = lines(span.file).at(span.start)
        end_line, end_column = lines(span.file).at(span.end)
        message = [item.title, *(figure.text for figure in item.figures if figure.text)]
        for label in item.secondary:
            at = lines(label.span.file).at(label.span.start)[0]
            message.append(f"see {label.span.file}:{at}: {label.text}")
        message += [f"fix: {fix.title}" for fix in item.fixes[:1]]
        where = (
            f"file={_property(span.file)},line={line},col={column},"
            f"endLine={end_line},endColumn={end_column},title={item.code}"
        )
        out.append(f"::{COMMAND[item.severity]} {where}::{_data(chr(10).join(message))}\n")
    return "".join(out)
