"""Text as a terminal may show it: no control characters, and how many cells it takes."""

from __future__ import annotations

TAB = "    "
# C0 and C1 controls, DEL, line and paragraph separators, and the marks that turn the writing
# direction: each of them can make a terminal show something else than the file says.
_HIDDEN = {
    code: "\ufffd"
    for code in (*range(32), *range(127, 160), 0x2028, 0x2029, *range(0x202A, 0x202F))
} | {code: "\ufffd" for code in range(0x2066, 0x206A)}
_HIDDEN[9] = TAB


def shown(text: str) -> str:
    """`text` with tabs as four spaces and what a terminal might obey as U+FFFD."""
    if text.isascii() and text.isprintable():
        return text
    return text.translate(_HIDDEN)


def cells(text: str) -> int:
    """Columns of a terminal that `shown(text)` takes."""
    text = shown(text)
    if text.isascii():
        return len(text)
    from unicodedata import category, east_asian_width

    total = 0
    for char in text:
        if category(char) in ("Mn", "Me", "Cf"):
            continue
        total += 2 if east_asian_width(char) in ("W", "F") else 1
    return total
