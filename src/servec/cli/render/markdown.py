"""Markdown for a terminal."""

from __future__ import annotations

from io import StringIO


def render_markdown(text: str) -> str:
    """`text` with headings, code and emphasis in the colours of the terminal."""
    from rich.console import Console
    from rich.markdown import Markdown

    out = StringIO()
    Console(file=out, force_terminal=True, width=100).print(Markdown(text))
    return out.getvalue()
