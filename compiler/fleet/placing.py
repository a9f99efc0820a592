"""Places the deployments of a fleet on the nodes of its pools, and sums what that takes."""

from __future__ import annotations

from fractions import Fraction

from servec.compiler.fleet.packing import Bin, pack
from servec.compiler.fleet.wanted import known_part, known_whole, pool_of, wanted_by
from servec.compiler.result import FleetResult, Placement
from servec.dsl.spec import Count

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.device import Device
    from servec.compiler.fleet.wanted import Wanted
    from servec.compiler.result import DeploymentResult
    from servec.dsl.diagnostic import Diagnostic
    from servec.dsl.document import Fleet, Pool


def place(
    fleet: Fleet, results: list[DeploymentResult]
) -> tuple[FleetResult, tuple[Diagnostic, ...]]:
    """The placements of a fleet in the order of the file, and SRV501 to 506 with its asserts.

    Within a pool the larger priority comes first, then the larger replica, then the name. A place
    or pool of which something is not known for an error in it, or a deployment of which it is not
    known what it takes, is left out: its own findings say why.
    """
    pools = {pool.name: pool for pool in fleet.pools}
    found: list[Diagnostic] = []
    wanted: list[Wanted] = []
    for item in fleet.places:
        if not known_part(item) or "pool" in fleet.doubts:
            continue
        pool = pools.get(pool_of(item))
        if pool is None:
            from servec.compiler.rules import srv503_unknown_pool

            found.append(srv503_unknown_pool.diagnose(item, tuple(pools)))
            continue
        asked = wanted_by(item, results)
        if asked is None:
            continue
        wrong = _other_hardware(asked, pool) if known_part(pool) else None
        if wrong is not None:
            found.append(wrong)
        else:
            wanted.append(asked)
    bins = {name: _fill(fleet, pool, wanted, found) for name, pool in pools.items()}
    made = FleetResult(
        fleet=fleet,
        placements=tuple(_placement(item, bins) for item in wanted),
        cost=_total(pools, bins, "price"),
        power=_total(pools, bins, "power"),
    )
    if not found and known_whole(fleet):
        from servec.compiler.rules import srv502_budget

        found += srv502_budget.of_fleet(made, pools, bins)
        found += _asserts(fleet, made)
    return made, tuple(found)


def _other_hardware(asked: Wanted, pool: Pool) -> Diagnostic | None:
    """SRV504 where the pool has other devices than the deployment, or too few in a node."""
    from servec.compiler.catalogue.devices import find_device

    bound = pool.settings["hardware"].eq if "hardware" in pool.settings else None
    count = bound.value if bound is not None else None
    if not isinstance(count, Count):
        return None
    here: Device | None = find_device(count.kind)
    parts = tuple(asked.spec.roles.values()) or (asked.spec,)
    for spec in parts:
        for own in spec.counts():
            there = find_device(own.kind)
            same = own.kind == "any" or (here is not None and there is not None and here == there)
            if (same or own.kind == count.kind) and own.number <= count.number:
                break
        else:
            if spec.counts():
                from servec.compiler.rules import srv504_pool_hardware

                return srv504_pool_hardware.diagnose(asked.place, spec, pool)
    return None


def size(pool: Pool) -> tuple[int, int]:
    """Nodes of a pool and devices of one node."""
    nodes, hardware = pool.settings.get("nodes"), pool.settings.get("hardware")
    count = hardware.eq.value if hardware is not None and hardware.eq is not None else None
    number = getattr(count, "number", 0)
    return (int(str(nodes.first.value)) if nodes is not None else 0), int(number)


def _fill(fleet: Fleet, pool: Pool, wanted: list[Wanted], found: list[Diagnostic]) -> Bin:
    """Place all that goes to a pool; what does not fit is reported once for the pool."""
    if not known_part(pool):
        return Bin(0, 0)
    nodes, devices = size(pool)
    own = [item for item in wanted if pool_of(item.place) == pool.name]
    room = Bin(nodes, devices)
    for item in sorted(own, key=_order):
        for _ in range(item.replicas):
            if not pack(room, item.place.deployment, item.parts):
                found.append(_too_full(pool, own, item))
                return room
    found += _ports(pool, own, room)
    return room


def _order(item: Wanted) -> tuple[int, int, str]:
    priority = item.place.settings.get("priority")
    first = int(str(priority.first.value)) if priority is not None else 0
    big = sum(part.nodes * part.devices for part in item.parts)
    return (-first, -big, item.place.deployment)


def _too_full(pool: Pool, own: list[Wanted], item: Wanted) -> Diagnostic:
    """SRV505 where shares of devices add up to more than there is, else SRV501."""
    if any(part.share < 1 for other in own for part in other.parts):
        from servec.compiler.rules import srv505_shared_devices

        return srv505_shared_devices.diagnose(pool, own, item)
    from servec.compiler.rules import srv501_pool_capacity

    return srv501_pool_capacity.diagnose(pool, own, item)


def _ports(pool: Pool, own: list[Wanted], room: Bin) -> list[Diagnostic]:
    """SRV506 for each pair of deployments that listen on one port of one node."""
    found: list[Diagnostic] = []
    for index, one in enumerate(own):
        for other in own[:index]:
            shared = room.nodes_of(one.place.deployment) & room.nodes_of(other.place.deployment)
            if shared and one.port and one.port == other.port and one.spec.name != other.spec.name:
                from servec.compiler.rules import srv506_one_port

                found.append(srv506_one_port.diagnose(pool, one, other, min(shared)))
    return found


def _placement(item: Wanted, bins: dict[str, Bin]) -> Placement:
    pool = pool_of(item.place)
    room = bins[pool]
    name = item.place.deployment
    return Placement(
        deployment=item.spec.name,
        pool=pool,
        replicas=item.replicas,
        devices=room.devices_of(name),
        nodes=room.replicas_of(name),
    )


def rate(pool: Pool, name: str) -> float | None:
    """Price (USD/h) or power (W) of one node: the pool's own figure, else the hardware table's."""
    said = pool.settings.get(name)
    if said is not None:
        return float(Fraction(str(said.first.value)))
    from servec.compiler.catalogue.devices import find_device

    hardware = pool.settings.get("hardware")
    count = hardware.first.value if hardware is not None else None
    device = find_device(count.kind) if isinstance(count, Count) else None
    each = getattr(device, name, 0) if device is not None else 0
    return float(each) * size(pool)[1] if each else None


def _total(pools: dict[str, Pool], bins: dict[str, Bin], name: str) -> float | None:
    """The sum over all nodes in use; None where a figure for one of them is missing."""
    total = 0.0
    for pool in pools.values():
        used = bins[pool.name].used
        each = rate(pool, name)
        if used and each is None:
            return None
        total += used * (each or 0.0)
    return total


def _asserts(fleet: Fleet, made: FleetResult) -> list[Diagnostic]:
    """Asserts of the fleet: cost and power that are predicted, and what its own body says."""
    from servec.compiler.fleet.asserts import judged

    return judged(fleet, made) if fleet.asserts else []
