"""Unit missing.

Checks: a field with a unit has it written.
Because: `memory <= 0.9` and `ttft.p95 <= 500` mean a share or gigabytes, seconds or milliseconds,
    to different readers.
Wrong: limits { context = 32Ki }
Right: limits { context = 32Ki tokens }
Source: language reference, "Units"
"""

from __future__ import annotations

from servec.dsl.kinds import takes, unit_kinds, units_of
from servec.dsl.units import COUNTED, exact, multiplier
from servec.dsl.wording import code, listed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fractions import Fraction

    from servec.dsl.diagnostic import Diagnostic, Fix
    from servec.dsl.refused import Refused
    from servec.dsl.tree import Number

GUESS = {"time": "ms", "bytes": "GiB", "power": "W"}


def unit_missing(it: Refused, node: Number) -> Diagnostic:
    """A bare number where a unit is due."""
    kinds = unit_kinds(it.field)
    title = f"{code(it.name)} is {takes(it.field)}, and {code(node.number)} has no unit"
    value = exact(node.number)
    fixes: tuple[Fix, ...] = ()
    if value is not None and (kinds[0] in COUNTED or not multiplier(node.number)):
        fixes = (_fix(it, node, kinds, value),)
    return it.finding("SRV112", title, f"expected {listed(units_of(it.field))}", fixes)


def _fix(it: Refused, node: Number, kinds: list[str], value: Fraction) -> Fix:
    """The number with its unit; safe where only one can be meant."""
    kind = kinds[0]
    if kind == "share" and (len(kinds) == 1 or value <= 1) and value <= 100:
        written = _percent(node.number) if value <= 1 else f"{node.number}%"
        return it.fix(f"a share is written with `%`: {code(written)}", written, value != 1)
    if kind == "share" and len(kinds) > 1:
        kind = kinds[1]
    units = units_of(it.field)
    unit = "s" if kind == "time" and value < 1 else GUESS.get(kind, units[0])
    gap = "" if kind == "time" else " "
    only = len(units) == 1
    title = "write the unit" if only else f"write the unit, here {code(unit)}"
    return it.fix(title, f"{node.number}{gap}{unit}", only)


def _percent(number: str) -> str:
    """`0.85` as `85%`, digit for digit."""
    whole, _, tail = number.partition(".")
    tail = tail.ljust(2, "0")
    digits = (whole + tail[:2]).lstrip("0") or "0"
    rest = tail[2:].rstrip("0")
    return f"{digits}.{rest}%" if rest else f"{digits}%"
