"""Mamba's mixers: the first kind, the second, and the second beside attention.

Sources: the Mamba, Falcon-Mamba, Jamba, Mamba 2, Nemotron-H, Granite 4 and Falcon-H1 modelling
files (transformers 5.20.2, vllm 0.33.0); state shapes: vllm 0.33.0
model_executor/layers/mamba/mamba_utils.py MambaStateShapeCalculator.
"""

from __future__ import annotations

from servec.compiler.model import Attention
from servec.dsl.record import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.catalogue.ingest.shape import Shape
    from servec.compiler.catalogue.ingest.tally import Tally


def mamba1(shape: Shape, tally: Tally) -> Attention:
    """Count a mixer of Mamba, Falcon-Mamba or Jamba; the last norms step, input and output."""
    text, hidden = shape.text, shape.hidden
    inner = text.whole("mamba_expand") * hidden or text.first("intermediate_size")
    inner = inner if shape.model_type == "jamba" else text.whole("expand", 2) * hidden
    states, kernel = (
        text.need("state_size", "mamba_d_state"),
        text.need("conv_kernel", "mamba_d_conv"),
    )
    rank = text.first("time_step_rank", "mamba_dt_rank") or -(-hidden // 16)
    tally.matrix("attention", "attn.in_proj", 2 * inner, hidden)
    tally.matrix("attention", "attn.x_proj", rank + 2 * states, inner)
    tally.matrix("attention", "attn.dt_proj", inner, rank, bias=inner)
    tally.matrix("attention", "attn.out_proj", hidden, inner)
    normed = rank + 2 * states if shape.has("mamba_norms") else 0
    tally.vector("attention", inner * (kernel + 1) + inner * states + inner + normed)
    conv = inner * (kernel - 1)
    return Attention(kind="mamba", state_elements=inner * states + conv, conv_elements=conv)


def mamba2(shape: Shape, tally: Tally) -> Attention:
    """Count a mixer of Mamba 2, Nemotron-H, Granite 4, Bamba or Falcon-H1."""
    text, hidden = shape.text, shape.hidden
    heads = text.need("mamba_num_heads", "mamba_n_heads", "num_heads")
    dim = text.need("mamba_head_dim", "mamba_d_head", "head_dim")
    states = text.need("ssm_state_size", "mamba_d_state", "state_size")
    kernel = text.need("conv_kernel", "mamba_d_conv")
    inner = heads * dim
    groups = text.need("n_groups", "mamba_n_groups")
    channels = inner + 2 * groups * states
    tally.matrix("attention", "attn.in_proj", inner + channels + heads, hidden)
    bias = channels if text.flag("use_conv_bias", True) else 0
    normed = inner if text.flag("mamba_rms_norm", True) else 0
    tally.vector("attention", channels * kernel + bias + 3 * heads + normed)
    tally.matrix("attention", "attn.out_proj", hidden, inner)
    conv = channels * (kernel - 1)
    return Attention(
        kind="mamba",
        heads=heads,
        head_dim=dim,
        state_elements=inner * states + conv,
        conv_elements=conv,
        groups=groups,
    )


def beside(shape: Shape, tally: Tally) -> Attention:
    """Count a layer of Falcon-H1, whose mixer and attention read the same normed input."""
    from servec.compiler.catalogue.ingest.gqa import gqa

    mixer = mamba2(shape, tally)
    state, conv = mixer.state_elements, mixer.conv_elements
    return replace(gqa(shape, tally), state_elements=state, conv_elements=conv, groups=mixer.groups)
