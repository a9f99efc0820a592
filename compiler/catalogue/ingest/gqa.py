"""Attention with grouped queries: heads, KV heads, windows, biases and head norms."""

from __future__ import annotations

from servec.compiler.model import Attention

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.catalogue.ingest.shape import Shape
    from servec.compiler.catalogue.ingest.tally import Tally
    from servec.compiler.model import AttentionKind


def gqa(
    shape: Shape,
    tally: Tally,
    kind: AttentionKind = "full",
    heads: int = 0,
    kv_heads: int = 0,
    head_dim: int = 0,
    v_dim: int = 0,
    shared_kv: bool = False,
    window: int = 0,
    borrowed: bool = False,
) -> Attention:
    """Count one layer; what is not given is the shape's. `shared_kv`: values are the keys.

    `borrowed`: the layer reads the cache of an earlier one and has no keys and values of its own.
    """
    heads, kv_heads = heads or shape.heads, kv_heads or shape.kv_heads
    head_dim = head_dim or shape.head_dim
    v_dim = v_dim or head_dim
    hidden, (qkv_bias, out_bias) = shape.hidden, _biases(shape)
    gated = 2 if shape.text.flag("attn_output_gate") or shape.has("gate") else 1
    queries, keys, values = gated * heads * head_dim, kv_heads * head_dim, kv_heads * v_dim
    _queries(shape, tally, queries, qkv_bias)
    if not borrowed:
        tally.matrix("attention", "attn.k_proj", keys, hidden, bias=qkv_bias * keys)
    if not shared_kv and not borrowed:
        tally.matrix("attention", "attn.v_proj", values, hidden, bias=qkv_bias * values)
    tally.matrix("attention", "attn.o_proj", hidden, heads * v_dim, bias=out_bias * hidden)
    if shape.has("sinks"):
        tally.vector("attention", heads)
    if shape.has("head_gate"):
        tally.matrix("attention", "attn.g_proj", heads, hidden)
    _head_norms(shape, tally, heads, 0 if borrowed else kv_heads, head_dim)
    return Attention(
        kind=kind,
        heads=heads,
        kv_heads=kv_heads,
        head_dim=head_dim,
        v_head_dim=v_dim,
        window=window,
        kv_elements=0 if kind == "cross" or borrowed else kv_heads * (head_dim + v_dim),
    )


def _queries(shape: Shape, tally: Tally, queries: int, bias: int) -> None:
    """The queries' projection; of Step 3 one of low rank, normed, that each rank has whole."""
    low = shape.text.whole("share_q_dim")
    if low:
        tally.matrix("attention", "attn.q_a_proj", low, shape.hidden, whole=True)
        tally.vector("attention", low)
    tally.matrix("attention", "attn.q_proj", queries, low or shape.hidden, bias=bias * queries)


def _biases(shape: Shape) -> tuple[int, int]:
    """Whether q, k, v and the output projection have a bias."""
    text = shape.text
    if shape.has("qkv_by_key"):
        return int(text.flag("add_qkv_bias") or text.flag("attention_bias")), 0
    if shape.has("qkv_default"):
        return int(text.flag("attention_bias", True)), 0
    if shape.has("lone_out_bias"):
        return 0, 1
    if shape.has("qkv_bias"):
        return 1, int(shape.has("out_bias"))
    keys = ("attention_bias", "use_qkv_bias", "use_bias", "bias")
    stated = next((key for key in keys if key in text.data), "")
    both = int(text.flag(stated)) if stated else 0
    if shape.has("no_out_bias"):
        return both, 0
    return both, int(text.flag("attention_out_bias")) if shape.has("out_by_key") else both


def _head_norms(shape: Shape, tally: Tally, heads: int, kv_heads: int, head_dim: int) -> None:
    said = shape.text.flag("use_qk_norm")
    normed = shape.model_type == "stablelm" and shape.text.flag("qk_layernorm")
    if shape.has("qk_norm_wide") or normed or (said and shape.has("qk_norm_by_head")):
        tally.vector("attention", (heads + kv_heads) * head_dim)
    elif shape.has("qk_norm") or (said and not shape.has("no_qk_norm")):
        each = 2 if shape.has("qk_norm_bias") else 1
        tally.vector("attention", each * (2 if kv_heads else 1) * head_dim)
