"""Changes of the layout and the devices after which what must fit fits."""

from __future__ import annotations

from servec.compiler.memory.change import Change, sums_of, tried
from servec.compiler.memory.table import gib
from servec.dsl.record import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from servec.compiler.device import Device
    from servec.compiler.target import Case

MOST_CARDS = 8
"""Devices of one node of the servers that the catalogue knows."""


def layout(case: Case) -> Iterator[Change]:
    """A wider tensor split over the same devices."""
    from servec.compiler.decide.legal import nearest_legal

    plan = case.plan
    assert plan is not None

    def fits(degrees: object) -> bool:
        changed = replace(case, plan=replace(plan, degrees=degrees))
        return tried(changed, {}) is not None

    narrow = ("tensor", "data", "expert")
    layout = nearest_legal(case, narrow, fits) or nearest_legal(case, (*narrow, "pipeline"), fits)
    if layout is None:
        return
    own, values = plan.degrees, {}
    for name in ("tensor", "pipeline", "data", "expert"):
        value = getattr(layout, name)
        if value != getattr(own, name) or case.spec.setting("parallel." + name):
            values["parallel." + name] = str(value)
    yield Change(values, f"{layout}: each GPU holds less of the weights")


def more_devices(case: Case) -> Iterator[Change]:
    """The fewest devices of the kind that are enough, where no degree is said."""
    from servec.compiler.decide.legal import legal
    from servec.compiler.plan import Degrees

    counts = case.spec.counts()
    said = any(True for _ in case.spec.paths("parallel"))
    if len(counts) != 1 or counts[0].kind == "any" or said or case.nodes > 1:
        return
    model, plan = case.model, case.plan
    assert model is not None and plan is not None
    number = case.devices_per_node * 2
    while number <= MOST_CARDS:
        layout = Degrees(tensor=number, expert=number if model.experts else 1)
        wider = replace(
            case,
            devices_per_node=number,
            plan=replace(plan, degrees=layout, devices_per_node=number),
        )
        if legal(wider, layout):
            memory = tried(wider, {})
            if memory is not None:
                text = f"{counts[0].kind} x {number}"
                yield Change({"hardware": text}, sums_of(f"on each of {number} devices:", memory))
                return
        number *= 2


def larger_devices(case: Case) -> Iterator[Change]:
    """The device with the least memory that is enough: same make, known to the runtime; one that is
    slower only where no other is.
    """
    from servec.compiler.catalogue.devices import device_names, find_device

    counts, own = case.spec.counts(), case.device
    if len(counts) != 1 or own is None or own.any or own.unified or not own.memory:
        return
    best: tuple[bool, int, int, str] | None = None
    for name in device_names():
        other = find_device(name)
        if other is None or other.vendor != own.vendor or other.kind != own.kind or other.unified:
            continue
        if other.aside:
            continue
        key = (_slower(other, own), other.memory, len(name), name)
        reaches = case.capabilities.reach.get(other.arch) == "yes"
        if other.memory <= own.memory or not reaches or (best is not None and key >= best):
            continue
        if other.domain < min(own.domain, case.devices_per_node):
            continue
        memory = tried(replace(case, device=other), {})
        if memory is not None:
            best = key
    if best is not None:
        text = f"{best[3]} x {counts[0].number}"
        yield Change({"hardware": text}, f"{best[3]} has {gib(best[1])} on each device")


def _slower(other: Device, own: Device) -> bool:
    """Whether a device computes or reads more slowly, in 16 bits."""
    rate = max(own.flops.get("bf16", 0), own.flops.get("fp16", 0))
    same = max(other.flops.get("bf16", 0), other.flops.get("fp16", 0))
    return same < rate or other.bandwidth < own.bandwidth
