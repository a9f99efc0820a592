"""Bytes as people read them."""

from __future__ import annotations

UNITS = ("B", "KiB", "MiB", "GiB")


def bytes_text(size: float) -> str:
    """`1.5 GiB`."""
    for unit in UNITS[:-1]:
        if size < 1024:
            return f"{size:.0f} {unit}" if unit == "B" else f"{size:.1f} {unit}"
        size /= 1024
    return f"{size:.1f} {UNITS[-1]}"
