"""Unknown unit.

Checks: a unit is one of the language's.
Because: units are exact, lower and upper case differ (`GB` is 1000^3 bytes, `GiB` 1024^3), and a
    guess could be off by a factor.
Wrong: limits { memory <= 40 gigs }
Right: limits { memory <= 40 GiB }
Source: language reference, "Units"
"""

from __future__ import annotations

from servec.dsl.kinds import unit_kinds, units_of
from servec.dsl.nearest import nearest
from servec.dsl.units import MULTIPLIERS, UNITS, exact, multiplier
from servec.dsl.wording import clipped, code, listed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.dsl.diagnostic import Diagnostic, Fix
    from servec.dsl.refused import Refused
    from servec.dsl.tree import Number

# what people write for a unit of the language
MEANT = {
    "sec": "s",
    "secs": "s",
    "second": "s",
    "seconds": "s",
    "msec": "ms",
    "millis": "ms",
    "milliseconds": "ms",
    "usec": "us",
    "minutes": "min",
    "hr": "h",
    "hours": "h",
    "days": "d",
    "months": "mo",
    "token": "tokens",
    "tok": "tokens",
    "toks": "tokens",
    "tps": "tok/s",
    "token/s": "tok/s",
    "tokens/s": "tok/s",
    "qps": "req/s",
    "rps": "req/s",
    "requests/s": "req/s",
    "percent": "%",
    "pct": "%",
    "pixels": "px",
    "G": "GiB",
    "Gi": "GiB",
    "gigs": "GiB",
    "T": "TiB",
    "watt": "W",
    "watts": "W",
    "kw": "kW",
    "KW": "kW",
    "USD": "USD/h",
    "usd/h": "USD/h",
    "dollars": "USD/h",
}


def unknown_unit(it: Refused, node: Number) -> Diagnostic:
    """A unit that the language does not have."""
    kinds = unit_kinds(it.field)
    title = f"{code(node.unit)} is no unit"
    if not kinds and it.field.path:
        fix = it.fix("leave out the unit", node.number)
        return it.finding("SRV113", title, f"{code(it.name)} takes no unit", (fix,))
    known = [unit for kind in kinds or UNITS for unit in UNITS[kind]]
    for suffix in MULTIPLIERS:
        if node.unit.removeprefix(suffix) in known and not multiplier(node.number):
            written = f"{node.number}{suffix} {node.unit.removeprefix(suffix)}"
            fix = it.fix("part the multiplier and the unit", written, True)
            return it.finding("SRV113", title, f"written {code(written)}", (fix,))
    near = nearest(node.unit, known)
    meant = MEANT.get(node.unit, "")
    if meant in known:
        near = (meant,)
    text = f"expected {listed(units_of(it.field))}" if kinds else "unknown"
    return it.finding("SRV113", title, clipped(text, 60), _fixes(it, node, near))


def _fixes(it: Refused, node: Number, near: tuple[str, ...]) -> tuple[Fix, ...]:
    if not near or exact(node.number) is None:
        return ()
    gap = "" if near[0] in UNITS["time"] or near[0] == "%" else " "
    fix = it.fix(f"write {code(near[0])}", f"{node.number}{gap}{near[0]}", len(near) == 1)
    return (fix,)
