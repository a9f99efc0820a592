"""The sum as lines: what each part is, how it comes about, how many bytes it is."""

from __future__ import annotations

from servec.compiler.memory.sums import sums
from servec.compiler.plan import MemoryItem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.memory.account import Account, Served

GIB = 1 << 30


def items(served: Served, found: Account, needed: float) -> tuple[MemoryItem, ...]:
    """The lines in the order of the sum; what is zero is left out."""
    work = found.working
    lines = (
        MemoryItem("weights", round(found.weights), _weights(served)),
        MemoryItem("KV cache", round(needed), _cache(served, found)),
        MemoryItem("activations", round(work.activation), _activations(served)),
        MemoryItem("graphs", round(work.graphs), ""),
        MemoryItem("runtime", round(work.runtime), _runtime(served)),
    )
    return tuple(line for line in lines if line.bytes)


def _weights(served: Served) -> str:
    """`70.55 G x 2 B / 2`: parameters, bytes of one on average, ranks that share them."""
    model, degrees = served.model, served.degrees
    each = sums(model, served.quant).total / max(1, model.total)
    text = f"{model.total / 1e9:.2f} G x {each:.3g} B"
    ranks = degrees.tensor * degrees.pipeline
    if degrees.data > 1 and model.experts:
        return f"{text} / {ranks}, experts / {ranks * degrees.data}"
    return f"{text} / {ranks}" if ranks > 1 else text


def _cache(served: Served, found: Account) -> str:
    """`262144 tokens x 160 KiB`: tokens on a rank and bytes that each adds, or what takes more."""
    if found.least > served.sequences * found.cache.bytes(served.length):
        return found.why
    tokens = served.sequences * served.length
    growth = found.cache.token / 1024
    text = f"{tokens} tokens x {growth:.4g} KiB"
    fixed = found.cache.bytes(served.length) - found.cache.token * served.length
    if fixed * served.sequences > GIB // 20:
        text += f" + {served.sequences} x {fixed / 2**20:.0f} MiB"
    return text


def _activations(served: Served) -> str:
    return f"{served.load.tokens} tokens in one pass, {served.load.seqs} sequences"


def _runtime(served: Served) -> str:
    peers = served.degrees.tensor * (served.degrees.data if served.model.experts else 1)
    return f"{served.runtime}, {peers} ranks" if peers > 1 else served.runtime
