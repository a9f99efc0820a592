"""The canonical style: same statements, same comments, one way to lay them out."""

from __future__ import annotations

from servec.dsl.parse import parse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.dsl.diagnostic import Diagnostic


def format_text(text: str) -> str:
    """`text` in canonical style; unchanged where it has syntax errors."""
    formatted, _ = format_source("", text.encode("utf-8", "surrogatepass"))
    return text if formatted is None else formatted


def format_source(path: str, data: bytes) -> tuple[str | None, tuple[Diagnostic, ...]]:
    """The file in canonical style, or None and its syntax errors.

    Formatting a formatted text changes nothing, and no formatting changes what a spec says.
    """
    file = parse(path, data)
    if file.diagnostics or not file.whole:
        return None, file.diagnostics
    from servec.dsl.layout import Layout

    return Layout(file).text(), ()
