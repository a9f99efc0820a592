"""The cache pool of a report's device, by the rule of its runtime, and how well it is known."""

from __future__ import annotations

from servec.compiler.memory.overhead import lean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.memory.account import Account
    from servec.compiler.memory.measured.entry import Entry


def pool(entry: Entry, found: Account, share: float = 0.0) -> float:
    """Bytes of the cache pool of one device, by the runtime's own rule; below 0 refuses.

    `share`: of the memory that the option means, the entry's own unless given.
    """
    device = entry.device
    assert device is not None
    memory, knob, share = float(device.memory), found.table.knob, share or entry.share
    if knob == "device":
        return memory * share - found.weights - found.rest
    if knob == "static":
        before = memory - found.working.runtime + found.table.workspace
        return before * share - found.weights
    free = min(memory, device.usable or memory) - found.weights - found.rest
    return free * share if knob == "free" else free


def error(found: Account, entry: Entry) -> float:
    """The band of the sum in bytes, one sided."""
    table = found.table
    band = table.band + table.band_share * found.weights
    served = entry.served or entry.rough
    if served is not None and served.load.images:
        band += table.band_vision
    if entry.device is not None and entry.device.unified:
        band = max(band, table.band_unified * entry.device.memory)
    return band


def above(found: Account, entry: Entry) -> float:
    """The same upward: a library that may be there to sample leaves the pool more."""
    served = entry.served or entry.rough
    if served is None:
        return error(found, entry)
    return error(found, entry) + lean(served.model, found.table, served.load, found.working)
