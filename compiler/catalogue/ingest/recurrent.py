"""Layers that keep a state of fixed size instead of a cache: DeltaNet, KDA, LFM2, Lightning.

Sources: the Qwen3-Next, Kimi-Linear and LFM2 modelling files (transformers, vllm 0.33.0);
minimax_text_01.py of vllm 0.22.1 and bailing_moe_linear.py of vllm 0.33.0.
"""

from __future__ import annotations

from servec.compiler.model import Attention

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.catalogue.ingest.shape import Shape
    from servec.compiler.catalogue.ingest.tally import Tally


def delta_net(shape: Shape, tally: Tally) -> Attention:
    """Count a gated DeltaNet layer of Qwen3-Next and Qwen3.5."""
    text, hidden = shape.text, shape.hidden
    key_dim, value_dim = text.need("linear_key_head_dim"), text.need("linear_value_head_dim")
    keys, values = text.need("linear_num_key_heads"), text.need("linear_num_value_heads")
    channels = 2 * keys * key_dim + values * value_dim
    kernel = text.need("linear_conv_kernel_dim")
    tally.matrix("attention", "attn.in_proj_qkv", channels, hidden)
    tally.matrix("attention", "attn.in_proj_z", values * value_dim, hidden)
    tally.matrix("attention", "attn.in_proj_ba", 2 * values, hidden, plain=True)
    tally.vector("attention", channels * kernel + 2 * values + value_dim)
    tally.matrix("attention", "attn.out_proj", hidden, values * value_dim)
    conv = channels * (kernel - 1)
    return Attention(
        kind="linear",
        heads=values,
        kv_heads=keys,
        head_dim=key_dim,
        v_head_dim=value_dim,
        state_elements=values * key_dim * value_dim + conv,
        conv_elements=conv,
    )


def short_conv(shape: Shape, tally: Tally) -> Attention:
    """Count a gated short convolution of LFM2."""
    hidden, kernel = shape.hidden, shape.text.whole("conv_L_cache", 3)
    tally.matrix("attention", "attn.in_proj", 3 * hidden, hidden)
    tally.vector("attention", hidden * kernel)
    tally.matrix("attention", "attn.out_proj", hidden, hidden)
    conv = hidden * (kernel - 1)
    return Attention(
        kind="linear", heads=shape.heads, head_dim=shape.head_dim, state_elements=conv,
        conv_elements=conv,
    )  # fmt: skip


def kda(shape: Shape, tally: Tally) -> Attention:
    """Count a Kimi Delta Attention layer."""
    keys, hidden = shape.text.sub("linear_attn_config"), shape.hidden
    heads, dim, kernel = delta_keys(shape) or (
        keys.need("num_heads"),
        keys.need("head_dim"),
        keys.need("short_conv_kernel_size"),
    )
    width = heads * dim
    for name in ("attn.q_proj", "attn.k_proj", "attn.v_proj"):
        tally.matrix("attention", name, width, hidden)
    tally.vector("attention", 3 * width * kernel)
    if shape.has("full_gates"):
        tally.matrix("attention", "attn.f_proj", width, hidden)
    else:
        tally.matrix("attention", "attn.f_a_proj", dim, hidden, whole=True)
        tally.matrix("attention", "attn.f_b_proj", width, dim)
    tally.matrix("attention", "attn.b_proj", heads, hidden)
    if keys.flag("use_full_rank_gate") or shape.has("full_gates"):
        tally.matrix("attention", "attn.g_proj", width, hidden)
    else:
        tally.matrix("attention", "attn.g_a_proj", dim, hidden, whole=True)
        tally.matrix("attention", "attn.g_b_proj", width, dim)
    tally.vector("attention", heads + width + dim)
    tally.matrix("attention", "attn.o_proj", hidden, width)
    conv = 3 * width * (kernel - 1)
    return Attention(
        kind="linear",
        heads=heads,
        kv_heads=heads,
        head_dim=dim,
        v_head_dim=dim,
        state_elements=heads * dim * dim + conv,
        conv_elements=conv,
    )


def delta_keys(shape: Shape) -> tuple[int, int, int] | None:
    """Heads, their size and the kernel, as Ling 3 states them; None where it is another class."""
    kernel = shape.text.whole("short_conv_kernel_size")
    if not kernel:
        return None
    return shape.heads, shape.head_dim, kernel


def lightning(shape: Shape, tally: Tally) -> Attention:
    """Count a layer of Lightning attention: one square state a head, no convolution.

    MiniMax-Text-01's has a gate as wide as its heads and a norm over them; that of Ling 2.5 and
    Ring 2.5 norms each group of heads, and q and k of each head.
    """
    hidden, heads, dim = shape.hidden, shape.heads, shape.head_dim
    dim = max(dim, hidden // heads) if shape.text.whole("layer_group_size") else dim
    width = heads * dim
    tally.matrix("attention", "attn.qkv_proj", 3 * width, hidden)
    tally.matrix("attention", "attn.output_gate", width, hidden)
    tally.matrix("attention", "attn.out_proj", hidden, width)
    tally.vector("attention", width + (2 * dim if shape.has("lightning_qk_norm") else 0))
    return Attention(
        kind="linear",
        heads=heads,
        kv_heads=heads,
        head_dim=dim,
        v_head_dim=dim,
        state_elements=heads * dim * dim,
    )
