"""Values as the language writes them."""

from __future__ import annotations

import re
from fractions import Fraction

from servec.targets.shared.settings import text_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:[-.][A-Za-z0-9_]+)*")
FREE = ("api.template_args", "checkpoint.overrides", "checkpoint.loader")
MOST = 10**15
"""Numbers from here on are written as texts: the language has 30 digits."""
UNITS = ((2**40, "TiB"), (2**30, "GiB"), (10**9, "GB"), (2**20, "MiB"), (10**6, "MB"), (1, "B"))


def literal(path: str, value: Any) -> str | None:
    """The value of a portable field as text; None where the field cannot hold it."""
    from servec.dsl.schema.language import field

    known = field("deployment", path)
    if path in FREE:
        flat = isinstance(value, dict) and not any(isinstance(v, dict) for v in value.values())
        whole = isinstance(value, dict) and (flat or path != "api.template_args")
        return "" if whole and free_block(value) else None
    if known is None:
        return None
    if known.many == "must" or isinstance(value, (list, tuple)):
        return _list(known.kinds, value) if known.many else None
    for kind in known.kinds:
        text = KINDS[kind](value) if kind in KINDS else None
        if text is not None and _inside(known, value):
            return text
    return None


def free(value: Any) -> str | None:
    """A native value as text: words stay words where they can; None where it cannot be said."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, Fraction)):
        return decimal(value) or quoted(text_of(value))
    if isinstance(value, str):
        plain = WORD.fullmatch(value) and value not in ("true", "false") and len(value) < 40
        return value if plain else quoted(value)
    if isinstance(value, (list, tuple)):
        items = [quoted(item) if isinstance(item, str) else free(item) for item in value]
        nested = any(isinstance(item, (list, tuple, dict)) for item in value)
        alike = len({type(item) for item in value}) <= 1
        texts = [item for item in items if item is not None]
        fits = alike and not nested and len(texts) == len(items)
        return f"[{', '.join(texts)}]" if fits else None
    return None


def free_block(value: Any) -> bool:
    """Whether a mapping can be said as a block of native names and values."""
    return bool(value) and all(
        isinstance(key, str)
        and re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", key) is not None
        and key not in ("import", "let", "unset", "assert", "servec")
        and (free_block(item) if isinstance(item, dict) else free(item) is not None)
        for key, item in value.items()
    )


def quoted(text: str) -> str | None:
    """A string; None for a text with characters that a spec may not hold."""
    if any(ord(c) < 32 and c not in "\n\t" for c in text) or "\x7f" in text:
        return None
    text = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + text.replace("\n", "\\n").replace("\t", "\\t") + '"'


def decimal(value: int | Fraction) -> str | None:
    """A number in full: no exponent; None where it has no finite decimals or too many digits."""
    number = Fraction(value)
    if abs(number) >= MOST:
        return None
    if number.denominator == 1:
        text = str(number.numerator)
        return text + ".0" if isinstance(value, Fraction) else text
    for digits in range(1, 15):
        scaled = number * 10**digits
        if scaled.denominator == 1:
            sign, whole = (
                ("-" if number < 0 else ""),
                str(abs(scaled.numerator)).rjust(digits + 1, "0"),
            )
            return f"{sign}{whole[:-digits]}.{whole[-digits:]}"
    return None


def tokens(value: Any) -> str | None:
    """A count of tokens with the multiplier that makes it short."""
    if not _whole(value):
        return None
    for factor, letter in ((10**6, "M"), (1000, "k"), (2**20, "Mi"), (1024, "Ki")):
        if value >= factor and value % factor == 0:
            return f"{value // factor}{letter} tokens"
    return f"{value} tokens"


def _inside(known: Any, value: Any) -> bool:
    if known.choices and value not in known.choices:
        return bool(known.pattern) and re.fullmatch(known.pattern, str(value)) is not None
    if isinstance(value, bool) or not isinstance(value, (int, Fraction)):
        return True
    low, high, above = known.low, known.high, known.above
    return (
        (low is None or value >= low)
        and (high is None or value <= high)
        and (above is None or value > above)
    )


def _list(kinds: tuple[str, ...], value: Any) -> str | None:
    if not isinstance(value, (list, tuple)) or not value:
        return None
    texts = [KINDS[kinds[0]](item) for item in value]
    made = [text for text in texts if text is not None]
    return f"[{', '.join(made)}]" if len(made) == len(texts) else None


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**15


def _share(value: Any) -> str | None:
    if isinstance(value, bool) or not isinstance(value, (int, Fraction)) or not 0 <= value <= 1:
        return None
    text = decimal(Fraction(value) * 100)
    return text.removesuffix(".0") + "%" if text else None


def _bytes(value: Any) -> str | None:
    if not _whole(value):
        return None
    if not value:
        return "0 B"
    return next(f"{value // size} {unit}" for size, unit in UNITS if value % size == 0)


def _decimal(value: Any) -> str | None:
    usable = isinstance(value, (int, Fraction)) and not isinstance(value, bool)
    return decimal(value) if usable else None


def _word(value: Any) -> str | None:
    return value if isinstance(value, str) and WORD.fullmatch(value) else None


KINDS: dict[str, Callable[[Any], str | None]] = {
    "word": _word,
    "string": lambda value: quoted(value) if isinstance(value, str) and value else None,
    "whole": lambda value: str(value) if _whole(value) else None,
    "boolean": lambda value: free(value) if isinstance(value, bool) else None,
    "decimal": _decimal,
    "tokens": tokens,
    "share": _share,
    "bytes": _bytes,
}
