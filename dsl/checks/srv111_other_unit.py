"""Unit of another kind.

Checks: the unit of a value is one of its field's kind; plain counts take none.
Because: a rate is no time and a size is no share; reading one as the other would change what is
    promised by orders of magnitude.
Wrong: slo { tpot.p95 <= 25 tok/s }
Right: slo { tpot.p95 <= 40ms }
Source: language reference, "Units"
"""

from __future__ import annotations

from servec.dsl.diagnostic import Figure, Label
from servec.dsl.kinds import NAMES, takes, unit_kinds, units_of
from servec.dsl.units import UNITS, exact
from servec.dsl.wording import clipped, code, listed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.dsl.diagnostic import Diagnostic
    from servec.dsl.refused import Refused
    from servec.dsl.tree import Number


def other_unit(it: Refused, node: Number, kind: str) -> Diagnostic:
    """A unit of `kind`, which the field does not take."""
    unit = code(node.unit)
    if not unit_kinds(it.field):
        title = f"{code(it.name)} is {takes(it.field)} and takes no unit"
        fix = it.fix("leave out the unit", node.number)
        return it.finding("SRV111", title, f"{unit} is the unit of {NAMES[kind]}", (fix,))
    title = f"{code(it.name)} is {takes(it.field)}, and {unit} is {NAMES[kind]}"
    if kind in ("token rate", "request rate") and "rate" in unit_kinds(it.field)[0]:
        title = f"{code(it.name)} is a rate in {code(units_of(it.field)[0])}, not in {unit}"
    text = f"expected {listed(units_of(it.field))}"
    doc = (Label(it.name_span, clipped(it.field.doc, 60)),)
    if kind == "bytes" and "tokens" in it.field.kinds and node.unit[:1] in "KkM":
        many = node.unit[0].replace("K", "k") if "i" not in node.unit else node.unit[:2]
        written = f"{node.number}{many} tokens"
        fix = it.fix(f"write {code(written)}", written)
        return it.finding("SRV111", title, text, (fix,), beside=doc)
    turned = _turned(it, node) if kind == "token rate" and "time" in it.field.kinds else None
    if turned is None:
        return it.finding("SRV111", title, text, beside=doc)
    figures, written = turned
    fix = it.fix("state the time per token", written)
    return it.finding("SRV111", title, text, (fix,), figures, doc)


def _turned(it: Refused, node: Number) -> tuple[tuple[Figure, ...], str] | None:
    """A time per token for a rate: `25 tok/s` is `40ms`; in whole ms or us, rounded down."""
    rate = exact(node.number, UNITS["token rate"][node.unit])
    if not rate or rate < 0 or not it.field.path.startswith("slo.tpot"):
        return None
    time = 1 / rate
    unit, size = ("ms", 1000) if time * 1000 >= 1 else ("us", 1_000_000)
    if time * size < 1:
        return None
    text = f"1 / ({it.text}) = {float(time * size):.4g} {unit}, and faster means a smaller time"
    return (Figure("time_per_token", time, text),), f"{int(time * size)}{unit}"
