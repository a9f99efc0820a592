"""Bytes of cache that a token adds on one rank, exactly, and the state that a sequence keeps.

Grouped queries: layers x 2 x head size x max(1, KV heads / tensor) x bytes of an element; heads
are copied where tensor is larger (vLLM 0.33.0 layers/linear.py QKVParallelLinear, SGLang the same).
MLA: layers x (latent + rotary) whatever the tensor degree is (vLLM get_num_kv_heads returns 1);
before vLLM ran it so, whole heads like the other's.
Layers with a window keep its tokens alone; linear and Mamba layers keep a state per sequence, cut
by tensor, and Falcon-H1's keep both; `context` splits the tokens of one sequence.
"""

from __future__ import annotations

from functools import lru_cache

from servec.compiler.memory.stages import stage_counts
from servec.compiler.memory.sums import sums
from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.model import Attention, Model
    from servec.compiler.plan import Degrees

INDEX = 132 / 128
"""Bytes of an index key element of DeepSeek sparse attention: FP8 with one FP32 scale for 128
(vLLM 0.33.0 models/deepseek_v2.py, SGLang 0.5.23 mem_cache/memory_pool.py)."""

DSA_FP8 = 656 / 576
"""Bytes of an element of a sparse MLA cache in fp8: 512 latent bytes, 16 of scales, 128 of rotary
key in 16 bit (`fp8_ds_mla`, vLLM 0.33.0 v1/kv_cache_interface.py)."""

V4_TOKEN = 584 / 512
"""The same of DeepSeek-V4: 448 bytes, 8 of scales, 128 of rotary key (vLLM 0.33.0, model_version
deepseek_v4), the only layout its kernels have."""

STATE = {"": 4.0, "fp32": 4.0, "bf16": 2.0, "fp16": 2.0, "fp8": 1.0}
"""Bytes of an element of a recurrent state by `cache.state`; fp32 is what configs state
(`mamba_ssm_dtype`). The convolution state is kept in 16 bit."""


@record
class LayerCache:
    """The cache of one layer of a group on one rank, in bytes.

    `token`: one token. `window`: tokens kept at most, 0 all; `chunked`: the window does not slide.
    `side`: one token of a second cache with `side_window` tokens, whose keys are kept compressed
    `ratio` to one. `state`: one sequence. `index`: of `token`, what a sparse index keeps; `latent`:
    the rest is a latent.
    """

    token: float
    window: int = 0
    chunked: bool = False
    side: float = 0.0
    side_window: int = 0
    state: float = 0.0
    ratio: int = 0
    index: float = 0.0
    latent: bool = False


def kv_bytes_per_token(model: Model, kv: str, degrees: Degrees, style: str = "middle") -> int:
    """Bytes that one token adds to the cache of the fullest pipeline stage's rank.

    Layers with a window count: it is what the first tokens cost. `kv`: the language's word.
    `style`: how stages are cut, see `stage_sizes`.
    """
    layers = layer_caches(model, kv, degrees.tensor, degrees.context)
    if degrees.pipeline == 1:
        found = sum(g.count * c.token for g, c in zip(model.groups, layers, strict=True))
        return round(found)
    order = sums(model).order
    return round(
        max(
            sum(count * cache.token for count, cache in zip(stage, layers, strict=True))
            for stage in stage_counts(order, len(layers), degrees.pipeline, style)
        )
    )


_kept: dict[tuple[int, str, int, int, str, int], tuple[Model, tuple[LayerCache, ...]]] = {}


def layer_caches(
    model: Model, kv: str, tensor: int, context: int = 1, state: str = "", expanded: int = 0
) -> tuple[LayerCache, ...]:
    """The cache of one layer of each group of `model`, in order. Kept by the model's identity.

    `expanded`: size of the heads to which a latent is expanded before it is kept, 0 where it is not
    (see `Constants.expanded`).
    """
    key = (id(model), kv, tensor, context, state, expanded)
    found = _kept.get(key)
    if found is not None and found[0] is model:
        return found[1]
    made = tuple(_layer(g.attention, kv, tensor, context, state, expanded) for g in model.groups)
    if len(_kept) > 1024:
        _kept.clear()
    _kept[key] = (model, made)
    return made


def _layer(
    a: Attention, kv: str, tensor: int, context: int, state: str, expanded: int = 0
) -> LayerCache:
    kept = 0.0
    if a.state_elements:
        kept = (a.state_elements - a.conv_elements) * STATE.get(state, 4.0)
        kept = (kept + 2.0 * a.conv_elements) / tensor
    if a.kind in ("linear", "mamba"):
        return LayerCache(0.0, state=kept)
    if not a.kv_elements and not a.side_elements:
        return LayerCache(0.0)
    size = element_bytes(kv, a.head_dim)
    index = float(a.index_elements)
    main = float(a.kv_elements) - index
    if a.kind != "mla":
        share = _share(a.kv_heads, tensor) / context
        token = (main * share + index / context) * size
        return LayerCache(token, a.window, a.kind == "chunked", state=kept)
    if expanded and not a.topk:
        return LayerCache(2.0 * -(-a.heads // tensor) * expanded * size / context)
    if a.side_elements:
        size = V4_TOKEN
    elif a.topk and size == 1.0:
        size = DSA_FP8
    token = (main * size + index * INDEX) / context
    ratio = round(a.head_dim / main) if a.side_elements and main else 0
    side = a.side_elements * size
    return LayerCache(
        token, a.window, False, side, a.side_window, 0.0, ratio, index * INDEX / context, True
    )


@lru_cache(maxsize=256)
def element_bytes(kv: str, head_dim: int) -> float:
    """Bytes of one element of the cache, scales included; 2 where the word is not known."""
    from servec.compiler.catalogue.precision import kv_bits

    bits = kv_bits(kv, head_dim)
    return 2.0 if bits is None else float(bits) / 8


@lru_cache(maxsize=256)
def _share(kv_heads: int, tensor: int) -> float:
    """The share of all KV heads that the fullest rank holds."""
    if not kv_heads:
        return 1.0
    return -(-kv_heads // tensor) / kv_heads
