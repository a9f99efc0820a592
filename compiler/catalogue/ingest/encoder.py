"""BERT and its kin: encoders without a cache, for embeddings and reranking.

Source: transformers modeling_bert, modeling_xlm_roberta, modeling_modernbert, modeling_nomic_bert;
vllm 0.33.0 bert_with_rope.py; the files that jinaai/jina-bert-implementation carries. The counts of
bge-reranker-v2-m3, granite-embedding-english-r2, nomic-embed-text-v1.5 and jina-embeddings-v2 are
the published ones to the weight.
"""

from __future__ import annotations

from servec.compiler.catalogue.ingest.groups import group_layers
from servec.compiler.model import Attention, Ffn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.catalogue.ingest.groups import Built
    from servec.compiler.catalogue.ingest.shape import Shape
    from servec.compiler.catalogue.ingest.tally import Tally

BARE = ("modernbert", "nomic_bert")
"""Classes without biases in their projections; ModernBERT's norms have none either."""


def encoder(shape: Shape) -> tuple[Built, ...]:
    """The layers: full attention, and two matrices or three, in most classes with biases."""
    bias = 0 if shape.model_type in BARE else 1

    def make(kind: str, layer: int, tally: Tally) -> tuple[Attention, Ffn]:
        hidden, width = shape.hidden, shape.width or shape.text.need("intermediate_size")
        for name in ("q_proj", "k_proj", "v_proj", "o_proj"):
            tally.matrix("attention", f"attn.{name}", hidden, hidden, bias=bias * hidden)
        gated = gates(shape)
        if gated:
            tally.matrix("dense", "mlp.gate_proj", width, hidden)
        inner = 0 if gated else bias * width
        tally.matrix("dense", "mlp.up_proj", width, hidden, bias=inner)
        tally.matrix("dense", "mlp.down_proj", hidden, width, bias=bias * hidden)
        tally.vector("norm", (2 if shape.model_type == "modernbert" else 4) * hidden)
        heads, dim = shape.heads, shape.head_dim
        matrices = 3 if gated else 2
        ffn = Ffn("dense", width, params=tally.params("dense"), matrices=matrices)
        return Attention("full", heads, heads, dim, dim), ffn

    return group_layers(["layer"] * shape.layers, make)


def gates(shape: Shape) -> bool:
    """Whether the inner layer has a gate."""
    said = shape.text.word("feed_forward_type") or shape.text.word("hidden_act")
    return shape.model_type in (*BARE, "new") or said.endswith("glu")


def encoder_rest(shape: Shape) -> int:
    """Position and type embeddings with their norm, and the pooler or classifier."""
    text, hidden = shape.text, shape.hidden
    if shape.model_type == "modernbert":
        return (
            hidden  # a norm behind the embedding and one at the end; the first layer has one less
        )
    turned = shape.model_type in ("nomic_bert", "new", "jina_embeddings_v3")
    turned = turned or text.word("position_embedding_type") in ("alibi", "rope", "rotary")
    places = 0 if turned else text.whole("max_position_embeddings")
    rest = (places + text.whole("type_vocab_size")) * hidden + 2 * hidden
    if shape.model_type not in ("nomic_bert", "new", "distilbert"):
        rest += hidden * hidden + hidden
    if shape.model_type == "mpnet":
        rest += text.whole("relative_attention_num_buckets", 32) * shape.heads
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
    padded = "roberta" in shape.model_type or shape.model_type == "mpnet"
    shift = shape.text.whole("pad_token_id", 1) + 1 if padded else 0
    return max(0, longest - shift)
