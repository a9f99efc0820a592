"""Whole numbers in words that anybody may have written."""

from __future__ import annotations

DIGITS = 18
"""Digits of the longest number that is read: no count, size or port comes near it, and Python
refuses to read thousands of them."""


def whole(word: str) -> int | None:
    """The number that plain digits say, None for any other word and for far too many digits."""
    plain = word.isascii() and word.isdecimal() and len(word) <= DIGITS
    return int(word) if plain else None
