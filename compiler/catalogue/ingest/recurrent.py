"""Layers that keep a state of fixed size instead of a cache: DeltaNet, KDA, Mamba 2, LFM2.

Sources: the Qwen3-Next, Kimi-Linear, Nemotron-H and LFM2 modelling files (transformers, vllm
0.33.0).
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
    heads, dim, kernel = (
        keys.need("num_heads"),
        keys.need("head_dim"),
        keys.need("short_conv_kernel_size"),
    )
    width = heads * dim
    for name in ("attn.q_proj", "attn.k_proj", "attn.v_proj"):
        tally.matrix("attention", name, width, hidden)
    tally.vector("attention", 3 * width * kernel)
    tally.matrix("attention", "attn.f_a_proj", dim, hidden, whole=True)
    tally.matrix("attention", "attn.f_b_proj", width, dim)
    tally.matrix("attention", "attn.b_proj", heads, hidden)
    if keys.flag("use_full_rank_gate"):
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


def mamba2(shape: Shape, tally: Tally) -> Attention:
    """Count a Mamba 2 mixer of Nemotron-H or Granite 4."""
    text, hidden = shape.text, shape.hidden
    heads = text.need("mamba_num_heads", "mamba_n_heads")
    dim = text.need("mamba_head_dim", "mamba_d_head")
    states = text.need("ssm_state_size", "mamba_d_state")
    kernel = text.need("conv_kernel", "mamba_d_conv")
    inner = heads * dim
    channels = inner + 2 * text.need("n_groups", "mamba_n_groups") * states
    tally.matrix("attention", "attn.in_proj", inner + channels + heads, hidden)
    bias = channels if text.flag("use_conv_bias", True) else 0
    tally.vector("attention", channels * kernel + bias + 3 * heads + inner)
    tally.matrix("attention", "attn.out_proj", hidden, inner)
    conv = channels * (kernel - 1)
    return Attention(
        kind="mamba",
        heads=heads,
        head_dim=dim,
        state_elements=inner * states + conv,
        conv_elements=conv,
    )
