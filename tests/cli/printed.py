"""Specs, places and figures of findings that are printed."""

from __future__ import annotations

from servec.dsl.diagnostic import Figure, Span


def spec(lines: dict[int, str]) -> bytes:
    """A file that has these lines, and `#` in the others."""
    return "\n".join(lines.get(n, "#") for n in range(1, max(lines) + 3)).encode() + b"\n"


def span(file: str, data: bytes, text: str, after: str = "", width: int | None = None) -> Span:
    start = data.index(text.encode(), data.index(after.encode()))
    return Span(file, start, start + (len(text.encode()) if width is None else width))


def figures(*texts: str) -> tuple[Figure, ...]:
    return tuple(Figure("", None, text) for text in texts)
