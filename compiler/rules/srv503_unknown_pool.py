"""A place names a pool that the fleet does not have.

Checks: `pool` of each `place` is the label of a pool of the same fleet.
Because: there is nowhere to put the deployment.
Wrong: fleet "west" {
      pool "big" { hardware = h100 x 8; nodes = 2 }
      place base { pool = bgi }
    }
Right: fleet "west" {
      pool "big" { hardware = h100 x 8; nodes = 2 }
      place base { pool = big }
    }
Source: language reference, fleet
"""

from __future__ import annotations

from servec.dsl.diagnostic import Diagnostic, Edit, Figure, Fix, Label

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.dsl.document import Place


def diagnose(place: Place, pools: tuple[str, ...]) -> Diagnostic:
    """The finding on a place; `pools` are the labels that there are."""
    from servec.dsl.nearest import nearest

    setting = place.settings.get("pool")
    bound = setting.eq if setting is not None else None
    name = str(bound.value) if bound is not None else ""
    near = nearest(name, pools)
    fixes: tuple[Fix, ...] = (Fix("name one of the pools, or add this one"),)
    if near and bound is not None:
        fixes = (Fix(f"place it in {near[0]}", (Edit(bound.value_span, near[0]),)),)
    return Diagnostic(
        "SRV503",
        "error",
        f"the fleet has no pool `{name}`"[:100],
        Label(bound.span if bound is not None else place.name_span, "no pool of this name"),
        (),
        (Figure("pools", len(pools), f"pools: {', '.join(pools) or 'none'}"),),
        fixes,
    )
