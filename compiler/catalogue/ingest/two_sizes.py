"""Families whose full and windowed layers differ in heads or head size, and Gemma 4's mixture.

Sources: the Gemma 4, MiMo-V2-Flash, Step-3.7-Flash and Laguna modelling files.
"""

from __future__ import annotations

from servec.compiler.catalogue.ingest.ffn import mixture
from servec.compiler.catalogue.ingest.gqa import gqa
from servec.compiler.catalogue.ingest.kinds import window

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.catalogue.ingest.shape import Shape
    from servec.compiler.catalogue.ingest.tally import Tally
    from servec.compiler.model import Attention, AttentionKind, Ffn


def two_sizes(shape: Shape, tally: Tally, mixer: str, borrowed: bool = False) -> Attention:
    """Count an attention layer whose sizes depend on whether it is windowed."""
    text, limited = shape.text, mixer == "window"
    kind: AttentionKind = "window" if limited else "full"
    span = window(shape) if limited else 0
    if shape.model_type in ("mimo_v2_flash", "mimo_v2"):
        heads = text.whole("swa_num_key_value_heads") if limited else 0
        found = gqa(shape, tally, kind, kv_heads=heads, v_dim=text.need("v_head_dim"), window=span)
        if limited and text.flag("add_swa_attention_sink_bias"):
            tally.vector("attention", shape.heads)
        return found
    if shape.model_type == "step3p7":
        heads = text.whole("sliding_num_attention_heads") if limited else 0
        return gqa(shape, tally, kind, heads=heads, window=span)
    if shape.model_type == "laguna":
        heads = _heads_of(shape, "sliding_attention" if limited else "full_attention")
        return gqa(shape, tally, kind, heads=heads, window=span)
    if shape.model_type == "inkling_text":
        return _inkling(shape, tally, limited, span)
    if limited:
        return gqa(shape, tally, kind, window=span, borrowed=borrowed)
    return gqa(
        shape,
        tally,
        kind,
        borrowed=borrowed,
        kv_heads=text.whole("num_global_key_value_heads"),
        head_dim=text.whole("global_head_dim"),
        shared_kv=text.flag("attention_k_eq_v"),
    )


def _inkling(shape: Shape, tally: Tally, limited: bool, span: int) -> Attention:
    """Keys, values and both streams pass a short convolution; positions are learned, by head.

    The states of the convolutions are not kept apart: vllm 0.33.0 inkling/nvidia/attention.py.
    """
    text = shape.text
    heads = text.first("swa_num_attention_heads") if limited else shape.heads
    kv_heads = text.first("swa_num_key_value_heads") if limited else shape.kv_heads
    kernel, far = text.whole("conv_kernel_size", 4), text.whole("d_rel")
    tally.matrix("attention", "attn.r_proj", far * heads, shape.hidden)
    keys = kv_heads * shape.head_dim
    tally.vector("attention", far * text.whole("rel_extent") + 2 * kernel * (keys + shape.hidden))
    kind: AttentionKind = "window" if limited else "full"
    return gqa(shape, tally, kind, heads=heads, kv_heads=kv_heads, window=span)


def _heads_of(shape: Shape, kind: str) -> int:
    """Query heads of the layers of a kind, where a config lists them layer by layer."""
    stated = zip(
        shape.text.words("layer_types"),
        shape.text.counts("num_attention_heads_per_layer"),
        strict=False,
    )
    return next((heads for named, heads in stated if named == kind), 0)


def dense_and_moe(shape: Shape, tally: Tally) -> Ffn:
    """Count a Gemma 4 layer: a dense block beside the experts, which every token passes."""
    width, hidden = shape.text.need("moe_intermediate_size"), shape.hidden
    for name in ("gate_proj", "up_proj"):
        tally.matrix("shared", f"mlp.{name}", shape.width, hidden)
    tally.matrix("shared", "mlp.down_proj", hidden, shape.width)
    tally.matrix("router", "router.proj", shape.experts, hidden, plain=True)
    for name in ("gate_proj", "up_proj"):
        tally.matrix("experts", f"experts.{name}", width, hidden, shape.experts)
    tally.matrix("experts", "experts.down_proj", hidden, width, shape.experts)
    tally.vector("router", hidden + shape.experts)
    tally.vector("norm", 3 * hidden)
    return mixture(tally, width, shape.experts, shape.used, shape.width, 3)
