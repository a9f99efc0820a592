"""Numbers as people write them."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fractions import Fraction


def shown(value: float | Fraction) -> str:
    """Three figures that count, whole from 100 on, and never an exponent: `0.45`, `27200`."""
    number = float(value)
    return f"{number:.0f}" if abs(number) >= 100 else f"{number:.3g}"
