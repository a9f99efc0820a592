"""More is placed in a pool than it has devices.

Checks: every replica that a fleet places finds nodes with enough free devices.
Because: a replica that is not placed is not served. Replicas are placed by priority, then size;
    one on several nodes needs that many nodes at once.
Wrong: fleet "west" {
      pool "big" { hardware = h100 x 8; nodes = 2 }
      place base { pool = big; replicas = 3 }
    }
Right: fleet "west" {
      pool "big" { hardware = h100 x 8; nodes = 3 }
      place base { pool = big; replicas = 3 }
    }
Source: language reference, fleet
"""

from __future__ import annotations

from servec.dsl.diagnostic import Diagnostic, Edit, Figure, Fix, Label

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.fleet.wanted import Wanted
    from servec.dsl.document import Pool


def diagnose(pool: Pool, own: list[Wanted], item: Wanted) -> Diagnostic:
    """The finding on the first place of a pool that finds no room; `own` are all of them."""
    from servec.compiler.fleet.placing import size

    nodes, devices = size(pool)
    asked = [(w, w.replicas * sum(p.nodes * p.devices for p in w.parts)) for w in own]
    total = sum(number for _, number in asked)
    said = item.place.settings.get("replicas")
    primary = Label(said.first.span if said else item.place.name_span, "no room for all of these")
    lines = [
        Figure(
            w.place.deployment,
            number,
            f"{w.place.deployment}: {w.replicas} x {number // max(1, w.replicas)} devices",
        )
        for w, number in asked
    ]
    return Diagnostic(
        "SRV501",
        "error",
        f"pool {pool.name} has {nodes * devices} devices, {total} are asked of it"[:100],
        primary,
        (Label(pool.name_span, f"{nodes} nodes x {devices} devices"),),
        (*lines, Figure("asked", total, f"sum = {total} of {nodes * devices} devices")),
        _fixes(pool, own, nodes),
    )


def _fixes(pool: Pool, own: list[Wanted], nodes: int) -> tuple[Fix, ...]:
    """As many nodes as the same placing needs."""
    from servec.compiler.fleet.packing import Bin, pack

    said = pool.settings.get("nodes")
    if said is None or said.eq is None:
        return (Fix("add nodes to the pool"),)
    _, devices = _size(pool)
    need = nodes + sum(w.replicas * sum(p.nodes for p in w.parts) for w in own)
    room = Bin(need, devices)
    if not all(pack(room, w.place.deployment, w.parts) for w in own for _ in range(w.replicas)):
        return (Fix("place fewer replicas"),)
    number = len(room.free)  # nodes are opened as they are needed: fewer would not have done
    edit = Edit(said.eq.value_span, str(number))
    return (Fix(f"{number} nodes hold all of it", (edit,)),)


def _size(pool: Pool) -> tuple[int, int]:
    from servec.compiler.fleet.placing import size

    return size(pool)
