"""Records as plain JSON values."""

from __future__ import annotations

from fractions import Fraction

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def plain(value: Any) -> Any:
    """`value` with records as objects in the order of their fields, tuples as lists.

    A field named with a trailing `_` (a Python keyword) loses it; `error` is left out where it is
    empty. Exact fractions become a whole number where they are one, else the nearest double.
    """
    if isinstance(value, Fraction):
        return int(value) if value.denominator == 1 else float(value)
    if value is None or isinstance(value, (str, int, float)):
        return value
    if isinstance(value, (tuple, list)):
        return [plain(item) for item in value]
    names = getattr(value, "__match_args__", None)
    if names is not None:
        return {
            name.rstrip("_"): plain(getattr(value, name))
            for name in names
            if not (name in OPTIONAL and not getattr(value, name))
        }
    return {key: plain(item) for key, item in value.items()}


# Fields that are absent where they have nothing to say.
OPTIONAL = frozenset({"error", "fleets", "differences", "abstained", "roles", "steps", "unlocked"})
