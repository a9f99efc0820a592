"""Decoders of one attention block and one feed-forward block a layer, whatever their kinds."""

from __future__ import annotations

from servec.compiler.catalogue.ingest import ffn as ffns
from servec.compiler.catalogue.ingest.gqa import gqa
from servec.compiler.catalogue.ingest.groups import group_layers
from servec.compiler.catalogue.ingest.kinds import mixer_kinds, window

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.catalogue.ingest.groups import Built
    from servec.compiler.catalogue.ingest.shape import Shape
    from servec.compiler.catalogue.ingest.tally import Tally
    from servec.compiler.model import Attention, Ffn


def standard(shape: Shape) -> tuple[Built, ...]:
    """The layers of llama, qwen, gemma, mistral, gpt-oss and all that are built like them."""
    mixers = mixer_kinds(shape)
    marks = shape.text.sub("sparse_attention_config").counts("sparse_attention_freq")
    kinds = [
        (mixer, ffns.is_moe(shape, layer), any(marks[layer : layer + 1]))
        for layer, mixer in enumerate(mixers)
    ]

    def make(kind: tuple[str, bool, bool], layer: int, tally: Tally) -> tuple[Attention, Ffn]:
        mixer, sparse_ffn, indexed = kind
        attention = _mixer(shape, tally, mixer)
        if indexed:
            attention = _block_index(shape, tally, attention)
        _norms(shape, tally, mixer)
        return attention, _ffn(shape, tally, sparse_ffn and mixer != "cross")

    return group_layers(kinds, make)


def _mixer(shape: Shape, tally: Tally, mixer: str) -> Attention:
    if mixer == "linear":
        from servec.compiler.catalogue.ingest.recurrent import delta_net

        return delta_net(shape, tally)
    if shape.model_type in ("gemma4_text", "mimo_v2_flash", "step3p7"):
        from servec.compiler.catalogue.ingest.two_sizes import two_sizes

        return two_sizes(shape, tally, mixer)
    if mixer == "cross":
        attention = gqa(shape, tally, "cross")
        tally.vector("attention", 2 * shape.head_dim + 2)
        return attention
    if mixer == "window":
        return gqa(shape, tally, "window", window=window(shape))
    if mixer == "chunked":
        return gqa(shape, tally, "chunked", window=window(shape))
    return gqa(shape, tally)


def _norms(shape: Shape, tally: Tally, mixer: str) -> None:
    each = 4 if shape.has("norms4") else 1 if shape.has("norms1") else 2
    tally.vector("norm", each * shape.hidden)
    if shape.has("layer_scale"):
        tally.vector("norm", 1)
    if shape.has("norm_bias"):
        tally.vector("norm", 2 * shape.hidden)


def _ffn(shape: Shape, tally: Tally, sparse: bool) -> Ffn:
    if shape.text.flag("enable_moe_block"):
        from servec.compiler.catalogue.ingest.two_sizes import dense_and_moe

        return dense_and_moe(shape, tally)
    if sparse:
        return ffns.moe(shape, tally)
    return ffns.dense(shape, tally, shape.width or shape.text.need("intermediate_size"))


def _block_index(shape: Shape, tally: Tally, attention: Attention) -> Attention:
    """The block index of MiniMax-M3: a few query heads and one key a token."""
    from servec.dsl.record import replace

    keys = shape.text.sub("sparse_attention_config")
    heads, dim = keys.need("sparse_num_index_heads"), keys.need("sparse_index_dim")
    tally.matrix("attention", "attn.index_q_proj", heads * dim, shape.hidden, whole=True)
    tally.matrix("attention", "attn.index_k_proj", dim, shape.hidden, whole=True)
    tally.vector("attention", 2 * dim)
    return replace(attention, kv_elements=attention.kv_elements + dim, index_elements=dim)
