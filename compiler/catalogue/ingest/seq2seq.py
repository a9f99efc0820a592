"""T5, BART and their kin: a decoder of text behind an encoder of text.

Source: transformers 5.20.2 modeling_t5.py and modeling_bart.py. A T5 has no biases, half as many
norms, and one table of relative positions on each side; a BART has learned positions.
"""

from __future__ import annotations

from servec.compiler.catalogue.ingest.groups import group_layers
from servec.compiler.model import Attention, Ffn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.catalogue.ingest.groups import Built
    from servec.compiler.catalogue.ingest.shape import Shape
    from servec.compiler.catalogue.ingest.tally import Tally

RELATIVE = ("t5", "mt5", "umt5")
"""Kinds with relative positions instead of learned ones."""
PADDED = 2
"""Positions of BART that stand before the first."""


def seq2seq(shape: Shape) -> tuple[Built, ...]:
    """The decoder's layers: attention to the text so far, to the input, and the feed-forward."""

    def make(kind: str, layer: int, tally: Tally) -> tuple[Attention, Ffn]:
        hidden, inner = shape.hidden, shape.heads * shape.head_dim
        bias = 0 if shape.model_type in RELATIVE else 1
        for part in ("attn", "encoder_attn"):
            for name in ("q_proj", "k_proj", "v_proj"):
                tally.matrix("attention", f"{part}.{name}", inner, hidden, bias=bias * inner)
            tally.matrix("attention", f"{part}.o_proj", hidden, inner, bias=bias * hidden)
        width = _width(shape, "decoder_ffn_dim")
        if _gates(shape):
            tally.matrix("dense", "mlp.gate_proj", width, hidden)
        tally.matrix("dense", "mlp.up_proj", width, hidden, bias=bias * width)
        tally.matrix("dense", "mlp.down_proj", hidden, width, bias=bias * hidden)
        tally.vector("norm", 3 * (1 + bias) * hidden)
        heads, dim = shape.heads, shape.head_dim
        matrices = 3 if _gates(shape) else 2
        ffn = Ffn("dense", width, params=tally.params("dense"), matrices=matrices)
        return Attention("full", heads, heads, dim, dim, kv_elements=2 * heads * dim), ffn

    return group_layers(["layer"] * shape.layers, make)


def seq2seq_rest(shape: Shape) -> int:
    """Weights outside the decoder's layers: the encoder, positions, and norms at the ends."""
    text, hidden = shape.text, shape.hidden
    inner, width = shape.heads * shape.head_dim, _width(shape, "encoder_ffn_dim")
    layers = text.first("encoder_layers", "num_layers", "num_hidden_layers")
    if shape.model_type in RELATIVE:
        layer = 4 * hidden * inner + (3 if _gates(shape) else 2) * hidden * width + 2 * hidden
        tables = shape.layers + layers if shape.model_type == "umt5" else 2
        places = tables * text.whole("relative_attention_num_buckets", 32) * shape.heads
        return layers * layer + places + 2 * hidden
    layer = 4 * (hidden * inner + hidden) + 2 * hidden * width + width + hidden + 4 * hidden
    places = 2 * (text.need("max_position_embeddings") + PADDED) * hidden
    ends = 2 if shape.model_type == "bart" else 4
    return layers * layer + places + 2 * ends * hidden


def _width(shape: Shape, key: str) -> int:
    return shape.text.first(key, "d_ff") or shape.text.need("intermediate_size")


def _gates(shape: Shape) -> bool:
    return shape.text.word("feed_forward_proj").startswith("gated")
