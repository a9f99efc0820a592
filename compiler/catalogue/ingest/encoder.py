"""BERT and its kin: encoders without a cache, for embeddings and reranking.

Source: transformers modeling_bert, modeling_xlm_roberta; the count of bge-reranker-v2-m3 is the
published one to the weight.
"""

from __future__ import annotations

from servec.compiler.catalogue.ingest.ffn import dense
from servec.compiler.catalogue.ingest.groups import group_layers
from servec.compiler.model import Attention

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.catalogue.ingest.groups import Built
    from servec.compiler.catalogue.ingest.shape import Shape
    from servec.compiler.catalogue.ingest.tally import Tally
    from servec.compiler.model import Ffn


def encoder(shape: Shape) -> tuple[Built, ...]:
    """The layers: full attention and two matrices, all with biases."""

    def make(kind: str, layer: int, tally: Tally) -> tuple[Attention, Ffn]:
        hidden, width = shape.hidden, shape.text.need("intermediate_size")
        for name in ("q_proj", "k_proj", "v_proj", "o_proj"):
            tally.matrix("attention", f"attn.{name}", hidden, hidden, bias=hidden)
        ffn = dense(shape, tally, width, 2)
        tally.vector("norm", 4 * hidden + width + hidden)
        heads, dim = shape.heads, shape.head_dim
        return Attention("full", heads, heads, dim, dim), ffn

    return group_layers(["layer"] * shape.layers, make)


def encoder_rest(shape: Shape) -> int:
    """Position and type embeddings with their norm, and the pooler or classifier."""
    text, hidden = shape.text, shape.hidden
    places = text.whole("max_position_embeddings") + text.whole("type_vocab_size")
    rest = places * hidden + 2 * hidden + hidden * hidden + hidden
    names = shape.top.words("architectures")
    if names and names[0].endswith("ForSequenceClassification"):
        rest += labels(shape) * (hidden + 1)
    return rest


def labels(shape: Shape) -> int:
    """Outputs of a classifier; two where the config does not say."""
    stated = shape.top.data.get("id2label")
    return len(stated) if isinstance(stated, dict) else shape.top.whole("num_labels", 2)


def positions(shape: Shape, longest: int) -> int:
    """Tokens of a text: RoBERTa's positions begin behind those of padding."""
    shift = shape.text.whole("pad_token_id", 1) + 1 if "roberta" in shape.model_type else 0
    return max(0, longest - shift)
