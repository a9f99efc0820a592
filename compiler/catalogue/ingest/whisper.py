"""Whisper: a decoder of text behind an encoder of sound, which is counted as a tower.

Source: transformers 5.20.2 modeling_whisper.py; keys have no bias.
"""

from __future__ import annotations

from servec.compiler.catalogue.ingest.groups import group_layers
from servec.compiler.model import Attention, Ffn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.catalogue.ingest.groups import Built
    from servec.compiler.catalogue.ingest.shape import Shape
    from servec.compiler.catalogue.ingest.tally import Tally


def whisper(shape: Shape) -> tuple[Built, ...]:
    """The decoder's layers: attention to the text, to the sound, and two matrices with biases."""

    def make(kind: str, layer: int, tally: Tally) -> tuple[Attention, Ffn]:
        hidden, width = shape.hidden, shape.text.need("decoder_ffn_dim")
        for part in ("attn", "encoder_attn"):
            for name in ("q_proj", "v_proj", "o_proj"):
                tally.matrix("attention", f"{part}.{name}", hidden, hidden, bias=hidden)
            tally.matrix("attention", f"{part}.k_proj", hidden, hidden)
        tally.matrix("dense", "mlp.up_proj", width, hidden, bias=width)
        tally.matrix("dense", "mlp.down_proj", hidden, width, bias=hidden)
        tally.vector("norm", 6 * hidden)
        heads, dim = shape.heads, shape.head_dim
        ffn = Ffn("dense", width, params=tally.params("dense"), matrices=2)
        return Attention("full", heads, heads, dim, dim, kv_elements=2 * heads * dim), ffn

    return group_layers(["layer"] * shape.layers, make)


def encoder_params(shape: Shape) -> int:
    """Weights of the encoder: two convolutions, positions, its layers and a last norm."""
    text, hidden = shape.text, shape.hidden
    width = text.need("encoder_ffn_dim")
    layer = 4 * hidden * hidden + 3 * hidden + 2 * width * hidden + width + hidden + 4 * hidden
    sound = 3 * hidden * (text.need("num_mel_bins") + hidden) + 2 * hidden
    places = text.need("max_source_positions") * hidden
    return sound + places + text.need("encoder_layers") * layer + 2 * hidden
