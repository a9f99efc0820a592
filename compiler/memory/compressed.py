"""vLLM's cache of DeepSeek-V4: compressed keys, a window of raw ones, and the compressors' states.

Source: vLLM 0.22.1 models/deepseek_v4/compressor.py, attention.py, v1/attention/backends/mla/
sparse_swa.py and v1/core/kv_cache_utils.py (`_get_kv_cache_groups_uniform_groups`,
`_get_kv_cache_config_deepseek_v4`). A block holds 256 tokens of compressed keys for a tuple of one
layer of each ratio; the raw window has 64 tokens in the same bytes, the state of ratio 4 has 4,
that of ratio 128 has 8. So tokens in flight, not the context, take most of the pool: each pass of
them holds a block for every 4 tokens.
"""

from __future__ import annotations

from servec.compiler.memory.cache import Cache, Pages

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from servec.compiler.memory.figures import Constants
    from servec.compiler.memory.kv import LayerCache

BLOCK = 256
ALIGN = 576
"""FlashMLA's alignment of a page in bytes."""
TOKEN = 584
"""Bytes of one compressed or raw key: 448 in FP8, 8 of scales, 128 of rotary key in 16 bit."""
INDEX = 132
"""Bytes of one compressed index key: 128 in FP8 and an FP32 scale."""
FINE = 4
RAW_BLOCK = 64
STATE = {4: (4, 8), 128: (8, 128)}
"""Block and window of a compressor's state, by ratio."""


def compressed_cache(
    held: Sequence[tuple[int, LayerCache]], table: Constants, batched: int
) -> Cache:
    """The cache of one rank; see `make_cache`."""
    by_ratio: dict[int, int] = {}
    raw = 0
    for count, layer in held:
        raw += count if layer.side else 0
        if layer.ratio:
            by_ratio[layer.ratio] = by_ratio.get(layer.ratio, 0) + count
    tuples = _tuples([*by_ratio.values(), raw], max(by_ratio.values(), default=1))
    size = float(tuples * sum(_page(ratio) for ratio in by_ratio))
    window = max((layer.side_window for _, layer in held), default=0)
    flight = table.in_flight * batched
    pages = [
        Pages(size, BLOCK),
        Pages(size * -(-raw // tuples), RAW_BLOCK, window - 1 + flight, 1),
    ]
    for ratio, count in by_ratio.items():
        block, kept = STATE.get(ratio, (8, ratio))
        pages.append(Pages(size * -(-count // tuples), block, kept - 1 + flight, 1))
    return Cache(tuple(pages), 0.0, size, len(pages), block_least(pages))


def block_least(pages: Sequence[Pages]) -> int:
    """The fewest tokens of a page."""
    return min(p.block for p in pages)


def _page(ratio: int) -> int:
    """Bytes of the pages of one layer of a ratio, index included, aligned."""
    rows = BLOCK // ratio
    found = -(-rows * TOKEN // ALIGN) * ALIGN
    if ratio == FINE:
        found += -(-rows * INDEX // ALIGN) * ALIGN
    return found


def _tuples(counts: Sequence[int], least: int) -> int:
    """Layers of a group: the number from `least` on that pads the counts least, largest first."""
    best, padding = least, sum(-count % least for count in counts)
    for size in range(least, max(counts) + 1):
        pad = sum(-count % size for count in counts)
        if pad <= padding:
            best, padding = size, pad
    return best
