"""What the sum predicts for a quantity of a report, in the unit of the report, or why nothing."""

from __future__ import annotations

from servec.compiler.memory.account import account
from servec.compiler.memory.measured.flags import SHORT
from servec.compiler.memory.measured.pools import above, error, pool
from servec.compiler.memory.stages import stage_sizes
from servec.compiler.memory.sums import sums
from servec.compiler.memory.weights import stage_weights, tower_bytes
from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from servec.compiler.memory.account import Account, Served
    from servec.compiler.memory.measured.entry import Entry

REQUESTS = 2049
"""Rows of SGLang's table from requests to cache places, one number a token of the context (its
max_running_requests by default and one, srt/mem_cache/memory_pool.py ReqToTokenPool)."""

GIB, MIB, GB = 1 << 30, 1 << 20, 10**9


@record
class Guess:
    """A predicted value with its band, or `why` there is none."""

    value: float | None
    low: float = 0.0
    high: float = 0.0
    why: str = ""


def predict(entry: Entry, quantity: str) -> Guess:
    """The prediction of one quantity of an entry."""
    if entry.served is None:
        return Guess(None, why=entry.why)
    maker = QUANTITIES.get(quantity)
    if maker is None:
        return Guess(None, why="a part of the sum that is only known within it")
    why = _why_not(entry, quantity)
    if why:
        return Guess(None, why=why)
    return maker(entry, entry.served, account(entry.served))


def _why_not(entry: Entry, quantity: str) -> str:
    """Why this quantity is not predicted although the model is known; "" where it is."""
    if entry.layoutless:
        return entry.layoutless
    if quantity not in WEIGHTS and (entry.cacheless or entry.poolless):
        return entry.cacheless or entry.poolless
    if quantity in COUNTED and entry.countless:
        return entry.countless
    if quantity in NEED_DEVICE and (entry.device is None or not entry.device.memory):
        return "the hardware is not named"
    return ""


def _weights(unit: int) -> Callable[[Entry, Served, Account], Guess]:
    def guess(_entry: Entry, served: Served, found: Account) -> Guess:
        parts = sums(served.model, served.quant)
        stages = stage_weights(
            parts, served.degrees, found.table, served.arch, 0, served.mtp, served.host
        )
        apart = 0.0 if served.tower else tower_bytes(parts, served.degrees, found.table)
        value = (stages[0] - apart) / unit
        return Guess(value, value * 0.98, value * 1.02)

    return guess


def _pools(entry: Entry, found: Account) -> tuple[float, float, float]:
    """The pool of one device, at least and at most."""
    size = pool(entry, found)
    return size, size - error(found, entry), size + above(found, entry)


def _kv_memory(entry: Entry, _served: Served, found: Account) -> Guess:
    size, low, high = _pools(entry, found)
    return Guess(size / GIB, low / GIB, high / GIB)


def _kv_half(entry: Entry, served: Served, found: Account) -> Guess:
    if served.model.mla:
        return Guess(None, why="a latent cache has no halves")
    whole = _kv_memory(entry, served, found)
    return Guess((whole.value or 0) / 2, whole.low / 2, whole.high / 2)


def _tokens(scale: float) -> Callable[[Entry, Served, Account], Guess]:
    def guess(entry: Entry, served: Served, found: Account) -> Guess:
        value, low, high = (_held(served, found, max(0.0, part)) for part in _pools(entry, found))
        if value <= 0:
            return Guess(None, why="no room is left for a cache by the sum")
        return Guess(value / scale, low / scale, high / scale)

    return guess


def _held(served: Served, found: Account, size: float) -> int:
    """Tokens of a pool as the runtime's log counts them."""
    if found.table.knob == "device" and not found.table.reports_length:
        return found.cache.shared_out(size)
    return found.cache.tokens(size, served.length) * served.degrees.data


def _needed(_entry: Entry, served: Served, found: Account) -> Guess:
    value = found.cache.bytes(served.length) / GIB
    return Guess(value, value * 0.99, value * 1.01)


def _longest(entry: Entry, served: Served, found: Account) -> Guess:
    most = max(served.length, 1 << 21)
    value, low, high = (found.cache.longest(max(0.0, part), most) for part in _pools(entry, found))
    return Guess(value, low, high)


def _concurrency(entry: Entry, served: Served, found: Account) -> Guess:
    one = found.cache.bytes(served.length)
    size, low, high = _pools(entry, found)
    return Guess(size / one, low / one, high / one)


def _after_weights(entry: Entry, _served: Served, found: Account) -> Guess:
    assert entry.device is not None
    table = found.table
    left = entry.device.memory - found.working.runtime + table.workspace - found.weights
    return Guess(left / GIB, (left - table.band) / GIB, (left + table.band) / GIB)


def _after_pool(entry: Entry, served: Served, found: Account) -> Guess:
    left = _after_weights(entry, served, found)
    size = (pool(entry, found) + REQUESTS * (served.length + 4) * 4) / GIB
    return Guess((left.value or 0) - size, left.low - size, left.high - size)


def _used(entry: Entry, served: Served, found: Account) -> Guess:
    """What the vendor's tool shows: all that the runtime took, and what the driver keeps."""
    assert entry.device is not None
    size = entry.device.memory * entry.share + found.working.runtime * (1 - entry.share)
    if served.load.graphs:
        size += found.table.graph_outside * served.model.layers
    band = error(found, entry)
    return Guess(size / MIB, (size - band) / MIB, (size + band) / MIB)


def _kv_size(_entry: Entry, served: Served, found: Account) -> Guess:
    stages = served.degrees.pipeline
    share = max(stage_sizes(served.model.layers, stages, found.table.stages))
    grown = found.cache.bytes(served.length) - found.cache.fixed
    value = grown / MIB * served.model.layers / share
    return Guess(value, value * 0.99, value * 1.01)


def _buffer(_entry: Entry, _served: Served, found: Account) -> Guess:
    value = found.working.activation / MIB
    return Guess(value, value * 0.9, value * 1.1)


def _activation(_entry: Entry, _served: Served, found: Account) -> Guess:
    value = found.working.activation / GIB
    return Guess(value, value * 0.6, value * 1.4 + 0.1)


def _apart(_entry: Entry, served: Served, found: Account) -> Guess:
    """What a process takes beside its tensors, without what the driver keeps."""
    value = (found.working.runtime - served.load.unseen * served.load.charged) / GIB
    return Guess(value, value * 0.4, value * 1.6 + 0.1)


def _peak(entry: Entry, served: Served, found: Account) -> Guess:
    """Peak of one process: weights, the cache of the tokens that were there, buffers."""
    if not entry.stated_length and found.table.windows == "cells":
        return Guess(None, why="the context is not named")
    tokens = served.length if entry.stated_length else SHORT
    cache = found.cache.bytes(min(served.length, tokens))
    value = (found.weights + cache + found.rest) / GB
    return Guess(value, value * 0.95, value * 1.05 + 0.5)


NEED_DEVICE = frozenset(
    (
        "kv_memory",
        "kv_tokens",
        "gpu_blocks",
        "kv_k",
        "kv_v",
        "max_len_estimate",
        "concurrency",
        "used_memory",
        "avail_after_weights",
        "avail_after_pool",
        "activation_peak",
        "non_torch",
    )
)
"""Quantities that depend on how much memory there is."""

WEIGHTS = frozenset(("weights", "weights_gb", "model_buffer"))
UNCOUNTED = {"avail_after_weights", "kv_memory", "used_memory", "activation_peak", "non_torch"}
COUNTED = NEED_DEVICE - UNCOUNTED | {"kv_needed"}
"""Quantities that depend on what tokens cost."""

QUANTITIES: dict[str, Callable[[Entry, Served, Account], Guess]] = {
    "weights": _weights(GIB),
    "weights_gb": _weights(GIB),
    "model_buffer": _weights(MIB),
    "kv_memory": _kv_memory,
    "kv_k": _kv_half,
    "kv_v": _kv_half,
    "kv_tokens": _tokens(1),
    "gpu_blocks": _tokens(16),
    "kv_needed": _needed,
    "max_len_estimate": _longest,
    "concurrency": _concurrency,
    "avail_after_weights": _after_weights,
    "avail_after_pool": _after_pool,
    "used_memory": _used,
    "activation_peak": _activation,
    "non_torch": _apart,
    "kv_size": _kv_size,
    "kv_buffer": _kv_size,
    "compute_buffer": _buffer,
    "peak_memory": _peak,
}
