"""Shares of devices add up to more than the devices.

Checks: the `share` of all replicas on a device is at most 100%, and of all servers that a script
    which is read starts at once.
Because: a device that is promised more than once over gives each of its tenants less than their
    plan assumes, or no memory at all.
Wrong: fleet "west" {
      pool "big" { hardware = h100 x 8; nodes = 1 }
      place base { pool = big; replicas = 3; share = 50% }
    }
Right: fleet "west" {
      pool "big" { hardware = h100 x 8; nodes = 1 }
      place base { pool = big; replicas = 2; share = 50% }
    }
Source: language reference, fleet
"""

from __future__ import annotations

from fractions import Fraction

from servec.dsl.diagnostic import Diagnostic, Edit, Figure, Fix, Label

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.fleet.packing import Part
    from servec.compiler.fleet.wanted import Wanted
    from servec.dsl.document import Pool


def diagnose(pool: Pool, own: list[Wanted], item: Wanted) -> Diagnostic:
    """The finding on the first place of a pool whose share is left on no device."""
    from servec.compiler.fleet.placing import size

    nodes, devices = size(pool)
    have = nodes * devices
    lines, total = [], Fraction(0)
    for wanted in own:
        each = sum((_devices(part) for part in wanted.parts), Fraction(0))
        total += each * wanted.replicas
        name = wanted.place.deployment
        text = f"{name}: {wanted.replicas} x {float(each):g} devices"
        lines.append(Figure(name, each * wanted.replicas, text))
    share = item.place.settings.get("share") or item.place.settings.get("replicas")
    primary = Label(share.first.span if share else item.place.name_span, "no device has this left")
    return Diagnostic(
        "SRV505",
        "error",
        f"shares in pool {pool.name} take {float(total):g} of {have} devices"[:100],
        primary,
        (Label(pool.name_span, f"{nodes} nodes x {devices} devices"),),
        (*lines, Figure("taken", total, f"sum = {float(total):g} of {have} devices")),
        _fixes(own, item, have),
    )


def _devices(part: Part) -> Fraction:
    return Fraction(str(part.share)) * part.nodes * part.devices


def _fixes(own: list[Wanted], item: Wanted, have: int) -> tuple[Fix, ...]:
    """As many copies as the devices hold beside the others."""
    said = item.place.settings.get("replicas")
    each = sum((_devices(part) for part in item.parts), Fraction(0))
    others = sum(
        (
            sum((_devices(p) for p in w.parts), Fraction(0)) * w.replicas
            for w in own
            if w is not item
        ),
        Fraction(0),
    )
    fitting = int((have - others) / each) if each else 0
    if said is None or said.eq is None or fitting < 1:
        return (Fix("place fewer replicas, lower the shares, or add nodes"),)
    return (Fix(f"{fitting} copies fit", (Edit(said.eq.value_span, str(fitting)),)),)
