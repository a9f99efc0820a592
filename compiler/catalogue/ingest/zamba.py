"""Zamba 2: Mamba 2 in every layer, and a few shared blocks of attention that some layers run first.

Source: transformers 5.20.2 modeling_zamba2.py. A shared block's weights are stored once and counted
outside the layers; each layer that runs it has a projection and low-rank adapters of its own, and
its own cache.
"""

from __future__ import annotations

from servec.compiler.catalogue.ingest.groups import group_layers
from servec.compiler.model import Attention, Ffn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.catalogue.ingest.groups import Built
    from servec.compiler.catalogue.ingest.shape import Shape
    from servec.compiler.catalogue.ingest.tally import Tally

USUAL = tuple("m" + 7 * "mmmmmg" + "mmmmgmmmgmm")
"""The class's default (Zamba2Config): `g` is how files of 2024 call a hybrid layer."""


def zamba2(shape: Shape) -> tuple[Built, ...]:
    """The layers: a mixer alone, or behind a shared block."""

    def make(kind: str, layer: int, tally: Tally) -> tuple[Attention, Ffn]:
        mixer = _mixer(shape, tally)
        tally.vector("norm", shape.hidden)
        if kind != "hybrid":
            return mixer, Ffn("none")
        _own(shape, tally)
        heads, dim, width = shape.heads, _wide(shape) // shape.heads, _inner(shape)
        attention = Attention(
            kind="full",
            heads=heads,
            kv_heads=shape.kv_heads,
            head_dim=dim,
            v_head_dim=dim,
            kv_elements=2 * shape.kv_heads * dim,
            state_elements=mixer.state_elements,
            conv_elements=mixer.conv_elements,
            groups=mixer.groups,
        )
        return attention, Ffn("dense", width, params=tally.params("dense"))

    kinds = ["hybrid" if kind in ("hybrid", "g") else "mamba" for kind in _kinds(shape)]
    return group_layers(kinds, make)


def zamba2_rest(shape: Shape) -> int:
    """The shared blocks and the last norm."""
    wide, dim = _wide(shape), _wide(shape) // shape.heads
    block = (shape.heads + 2 * shape.kv_heads) * dim * wide + shape.heads * dim * shape.hidden
    block += 3 * shape.hidden * _inner(shape) + wide + shape.hidden
    return (shape.text.whole("num_mem_blocks") or 1) * block + shape.hidden


def _mixer(shape: Shape, tally: Tally) -> Attention:
    """Count a Mamba 2."""
    text, hidden = shape.text, shape.hidden
    inner, heads = text.whole("mamba_expand", 2) * hidden, text.whole("n_mamba_heads", 8)
    states, kernel = text.whole("mamba_d_state", 64), text.whole("mamba_d_conv", 4)
    groups = text.whole("mamba_ngroups", 1)
    channels = inner + 2 * groups * states
    tally.matrix("attention", "attn.in_proj", inner + channels + heads, hidden)
    tally.vector("attention", channels * (kernel + 1) + 3 * heads + inner)
    tally.matrix("attention", "attn.out_proj", hidden, inner)
    conv = channels * (kernel - 1)
    state = inner * states + conv
    return Attention("mamba", state_elements=state, conv_elements=conv, groups=groups)


def _own(shape: Shape, tally: Tally) -> None:
    """Count what a layer has of its own beside a shared block."""
    rank, wide = shape.text.whole("adapter_rank", 128), _wide(shape)
    tally.matrix("dense", "linear", shape.hidden, shape.hidden)
    tally.vector("dense", rank * (shape.hidden + 2 * _inner(shape)))
    if shape.text.flag("use_shared_attention_adapter"):
        tally.vector("attention", 3 * 2 * rank * wide)


def _kinds(shape: Shape) -> tuple[str, ...]:
    stated = shape.text.words("layers_block_type") or shape.text.words("layer_types") or USUAL
    return (stated + ("mamba",) * shape.layers)[: shape.layers]


def _wide(shape: Shape) -> int:
    """Attention reads the layer's input beside the embedding."""
    return 2 * shape.hidden


def _inner(shape: Shape) -> int:
    return shape.width or 4 * shape.hidden
