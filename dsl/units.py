"""Units and numbers: what is written, as exact values in base units."""

from __future__ import annotations

from fractions import Fraction

from servec.dsl.limits import MAX_DIGITS

# kind: unit: factor to the base unit, as numerator and denominator
UNITS: dict[str, dict[str, tuple[int, int]]] = {
    "time": {
        "us": (1, 1_000_000),
        "ms": (1, 1000),
        "s": (1, 1),
        "min": (60, 1),
        "h": (3600, 1),
        "d": (86_400, 1),
        "mo": (2_592_000, 1),
    },
    "bytes": {
        "B": (1, 1),
        "KB": (10**3, 1),
        "MB": (10**6, 1),
        "GB": (10**9, 1),
        "TB": (10**12, 1),
        "KiB": (2**10, 1),
        "MiB": (2**20, 1),
        "GiB": (2**30, 1),
        "TiB": (2**40, 1),
    },
    "tokens": {"tokens": (1, 1)},
    "requests": {"req": (1, 1)},
    "pixels": {"px": (1, 1)},
    "token rate": {"tok/s": (1, 1)},
    "request rate": {"req/s": (1, 1)},
    "share": {"%": (1, 100)},
    "power": {"W": (1, 1), "kW": (1000, 1)},
    "money": {"USD/h": (1, 1)},
}

# kinds of things that are counted: only they take a multiplier
COUNTED = frozenset(("whole", "tokens", "requests", "pixels", "token rate", "request rate"))
WHOLE = frozenset(("whole", "tokens", "pixels", "requests"))

MULTIPLIERS = {"Ki": 1024, "Mi": 1_048_576, "k": 1000, "M": 1_000_000}


def multiplier(text: str) -> str:
    """The multiplier a number is written with, or ""."""
    if text[-1] == "i":
        return text[-2:]
    return text[-1] if text[-1] in "kM" else ""


def exact(text: str, factor: tuple[int, int] = (1, 1)) -> Fraction | None:
    """The value of a number as written, times `factor`; None past `MAX_DIGITS` digits."""
    times, over = factor
    suffix = multiplier(text)
    if suffix:
        text = text[: -len(suffix)]
        times *= MULTIPLIERS[suffix]
    if len(text) > MAX_DIGITS:
        return None
    whole, _, tail = text.partition(".")
    return Fraction(int(whole + tail) * times, over * 10 ** len(tail))


def unit_kind(unit: str) -> str:
    """The kind a unit belongs to, or ""."""
    for kind, units in UNITS.items():
        if unit in units:
            return kind
    return ""
