"""What a runtime takes beside its share of a device: it is there before it starts, or comes last.

share x device is taken for weights, working memory and a cache of all that is left. Beside it lie
the context of the process, which is there when the runtime looks whether so much is free ("Free
memory on device ... is less than desired GPU memory utilization"), and graphs, where the release
captures them after the cache is made. Neither is known well: both have a least and a most. Where
the share is of what weights leave, for the cache alone, a pass works with what that leaves.
"""

from __future__ import annotations

from servec.compiler.memory.budget import asked_share, cache_share
from servec.compiler.memory.overhead import sizes
from servec.compiler.memory.stages import stage_sizes
from servec.dsl.record import record, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.memory.account import Account, Served
    from servec.compiler.plan import Memory
    from servec.compiler.target import Case

CACHE = "limits.cache_memory"
PATHS = ("graphs.sizes", "graphs.max_batch", "graphs.compile", CACHE)
"""Fields with which other graphs are captured, or the cache is not all that the share leaves; the
runtime's own options of the kind are `graph_said` of the constants."""


@record
class Beside:
    """Bytes beside the share, and their error, one sided; what is left for them of the device, and
    of the working memory that nothing holds by then."""

    size: float
    error: float
    room: float
    spared: float = 0.0

    @property
    def margin(self) -> float:
        """Bytes left; below zero: short."""
        return self.room + self.spared - self.size

    @property
    def doubt(self) -> int:
        """See `_doubt`."""
        return _doubt(self.margin, self.error)


def beside(case: Case, served: Served, found: Account, budget: float) -> list[Beside]:
    """What lies beside the share of a launch: when it starts, and when graphs are captured. Then
    what a full pass works with is free but for the sampler, which is run once more after them."""
    device, spec, table = case.device, case.spec, found.table
    if device is None or not device.memory or spec.word("defaults") != "runtime":
        return []
    if device.unified:
        return _shared(case, found) if device.vendor == "nvidia" else []
    if table.beside_pass:
        return _pass(case, served, found)
    if table.knob != "device":
        return []
    least, most = float(table.beside_least), float(table.beside_most)
    room = (device.memory - served.load.unseen) * (1 - min(1.0, budget / device.memory))
    parts = [Beside((least + most) / 2, (most - least) / 2, room)] if most else []
    graphs = served.load.graphs and device.vendor == "nvidia" and table.graph_outside
    if graphs and not _sized(case, table.graph_said):
        held = max(stage_sizes(served.model.layers, served.degrees.pipeline, table.stages))
        layers = held * (sizes(served.load.seqs) if table.graph_sized else 1.0)
        least += layers * table.graph_least
        most += layers * table.graph_outside
        spared = _spared(served, found)
        parts.append(Beside((least + most) / 2, (most - least) / 2, room, spared))
    return parts


def _shared(case: Case, found: Account) -> list[Beside]:
    """What the system holds of memory that it shares, when the share is asked to be free."""
    device, held = case.device, found.table.beside_shared
    share = asked_share(case.spec, found)
    if device is None or not held or share > 1:
        return []
    least, most = (device.memory * part for part in held)
    return [Beside((least + most) / 2, (most - least) / 2, device.memory * (1 - share))]


def _pass(case: Case, served: Served, found: Account) -> list[Beside]:
    """What a pass works with, beside a share of the cache that is said: in doubt at most, as the
    largest pass comes with the requests and not at the start."""
    device, share = case.device, cache_share(case.spec, found)
    if device is None or case.spec.upper(CACHE) is None or not 0 < share < 1:
        return []
    free = device.memory - found.weights - found.working.outside
    left = free * (1 - share) - found.working.activation
    return [Beside(0.0, 1.0 - left, left)] if left < 0 else []


def _spared(served: Served, found: Account) -> float:
    """Bytes of the profiled pass that nothing holds while graphs are captured."""
    table, load = found.table, served.load
    if table.whole_prompt:
        return found.working.activation
    may = table.lean_bytes and (load.lean or not table.lean_asked)
    sampler = load.seqs * served.model.vocab * (table.lean_bytes if may else table.logit_bytes)
    return max(0.0, found.working.activation - sampler)


def _sized(case: Case, said: tuple[str, ...]) -> bool:
    """Whether the launch says which graphs are captured, or how large the cache is."""
    block = case.spec.on.get(case.target.name)
    own = block.options if block is not None else ()
    return any(case.spec.setting(path) for path in PATHS) or any(i.name in said for i in own)


def worse(memory: Memory, parts: list[Beside], device: int) -> Memory:
    """`memory`, or where what lies beside the share is more in doubt, the sum of that: the cache is
    all that the share leaves, whatever tokens it holds, and the device is what there is."""
    found = max(parts, key=lambda part: part.doubt, default=None)
    if found is None or found.doubt <= _doubt(memory.margin, memory.band):
        return memory
    overhead = round(memory.overhead + found.size)
    activation = round(memory.activation - found.spared)
    needed = round(device - found.margin - memory.weights - activation - overhead)
    items = tuple(
        replace(item, bytes=needed, text="all that the share leaves")
        if item.name == "KV cache"
        else item
        for item in memory.items
    )
    return replace(
        memory,
        budget=device,
        activation=activation,
        overhead=overhead,
        needed_tokens=0,
        needed_kv=needed,
        fits=found.margin > -found.error,
        margin=round(found.margin),
        band=round(found.error),
        items=items,
    )


def _doubt(margin: float, band: float) -> int:
    """0: it fits for certain, 1: inside the error, 2: it does not."""
    return 0 if margin >= band else 2 if margin <= -band else 1
