"""Colour, where the terminal takes it. It never carries meaning alone."""

from __future__ import annotations

CODES = {
    "error": "1;31",
    "warning": "1;33",
    "note": "1;36",
    "gutter": "34",
    "secondary": "34",
    "plus": "32",
    "bold": "1",
    "dim": "2",
}


class Paint:
    """Wraps text in ANSI colour, or leaves it alone."""

    def __init__(self, on: bool) -> None:
        """`on`: whether to colour."""
        self.on = on

    def __call__(self, kind: str, text: str) -> str:
        """`text` in the colour of `kind`, a key of `CODES`."""
        return f"\x1b[{CODES[kind]}m{text}\x1b[0m" if self.on and text else text
