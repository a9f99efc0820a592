"""`hardware = any`: the pools of the file's fleets, else the catalogue, cheapest first."""

from __future__ import annotations

from servec.dsl.record import replace
from servec.dsl.spec import Count

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from servec.compiler.device import Device
    from servec.dsl.document import Document
    from servec.dsl.spec import Spec

SUPERCHIP = "nvlink-c2c"
"""The link of a GPU that is one part with its CPU."""
COUNTS = (1, 2, 4, 8)
"""Devices of a node that are tried of each kind of the catalogue: what boards and hosts have."""


def any_hardware(document: Document | None, spec: Spec) -> list[tuple[Count, Device | None]]:
    """Kinds and counts to try: by price, those without one after them by count, memory and name.

    Of a file with fleets the pools', parts of a node too, at the pool's own price; of a deployment
    that is placed in one pool, that pool's alone.
    """
    found = _pools(document, spec) if document is not None else []
    rows = found or _catalogue()
    rows.sort(key=lambda row: (row[0] or float("inf"), row[1].number, row[2].memory, row[1].kind))
    return [(count, device) for _, count, device in rows]


def _pools(document: Document, spec: Spec) -> list[tuple[float, Count, Device]]:
    from servec.compiler.catalogue.devices import find_device
    from servec.compiler.decide.degrees import divisors
    from servec.compiler.fleet.placed import pool_of
    from servec.compiler.fleet.placing import rate

    own = pool_of(document, spec)
    pools = [pool for fleet in document.fleets for pool in fleet.pools]
    found: dict[tuple[str, int], tuple[float, Count, Device]] = {}
    for pool in [own] if own is not None else pools:
        hardware = pool.settings.get("hardware")
        count = hardware.eq.value if hardware is not None and hardware.eq else None
        device = find_device(count.kind) if isinstance(count, Count) else None
        if device is None or not isinstance(count, Count):
            continue
        each = (rate(pool, "price") or 0.0) / count.number
        device = replace(device, price=each)
        for number in divisors(count.number):
            row = (each * number, Count(count.kind, number), device)
            known = found.setdefault((count.kind, number), row)
            if 0 < row[0] < known[0]:
                found[count.kind, number] = row
    return list(found.values())


def _catalogue() -> list[tuple[float, Count, Device]]:
    """Every graphics card for servers and workstations of the catalogue, by its short name."""
    from servec.compiler.catalogue.devices import device_names, find_device, row

    kinds: dict[str, Device] = {}
    for name in device_names():
        device = find_device(name)
        if device is None or device.kind != "gpu" or not device.memory:
            continue
        if not (device.edge or device.aside):
            kinds.setdefault(device.id, device)
    return [
        (device.price * number, Count(device.name, number), device)
        for device in kinds.values()
        for number in COUNTS
        if number <= _most(device, row(device.name) or {})
    ]


def _most(device: Device, held: dict[str, Any]) -> int:
    """Devices of one node: as the table says; a superchip has one beside its CPU."""
    most: int = held.get("per_node", 1 if device.link == SUPERCHIP else COUNTS[-1])
    return most
