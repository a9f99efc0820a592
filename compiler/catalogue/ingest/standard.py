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
    own = len(mixers) - shape.text.whole("num_kv_shared_layers")
    kinds = [
        (
            mixer,
            ffns.is_moe(shape, layer),
            any(marks[layer : layer + 1]),
            _borrows(shape, layer, own),
        )
        for layer, mixer in enumerate(mixers)
    ]

    def make(kind: tuple[str, bool, bool, bool], _: int, tally: Tally) -> tuple[Attention, Ffn]:
        mixer, sparse_ffn, indexed, borrowed = kind
        attention = _mixer(shape, tally, mixer, borrowed)
        if indexed:
            attention = _block_index(shape, tally, attention)
        _norms(shape, tally)
        _per_layer(shape, tally)
        return attention, _ffn(shape, tally, sparse_ffn and mixer != "cross", borrowed)

    return group_layers(kinds, make)


def _borrows(shape: Shape, layer: int, own: int) -> bool:
    """Whether a layer reads the cache of an earlier one: the last (Gemma 3n), or of each few."""
    text = shape.text
    every = text.whole("cla_share_factor") if text.flag("use_cla") else 0
    return layer >= own or (every > 1 and layer % every > 0)


def _mixer(shape: Shape, tally: Tally, mixer: str, borrowed: bool) -> Attention:
    if mixer == "linear":
        from servec.compiler.catalogue.ingest import recurrent

        if shape.has("lightning"):
            return recurrent.lightning(shape, tally)
        short = shape.has("short_conv")
        return (recurrent.short_conv if short else recurrent.delta_net)(shape, tally)
    if mixer in ("mamba1", "mamba", "beside"):
        from servec.compiler.catalogue.ingest import mamba

        make = {"mamba1": mamba.mamba1, "mamba": mamba.mamba2, "beside": mamba.beside}
        return make[mixer](shape, tally)
    if shape.model_type in (
        "gemma4_text",
        "mimo_v2_flash",
        "mimo_v2",
        "step3p7",
        "laguna",
        "inkling_text",
    ):
        from servec.compiler.catalogue.ingest.two_sizes import two_sizes

        return two_sizes(shape, tally, mixer, borrowed)
    if mixer == "cross":
        attention = gqa(shape, tally, "cross")
        tally.vector("attention", 2 * shape.head_dim + 2)
        return attention
    if mixer == "window":
        return gqa(shape, tally, "window", window=window(shape), borrowed=borrowed)
    if mixer == "chunked":
        return gqa(shape, tally, "chunked", window=window(shape))
    return gqa(shape, tally, borrowed=borrowed)


def _per_layer(shape: Shape, tally: Tally) -> None:
    """Gate, projection and norm of a layer's own input (Gemma 3n, 4 E), whole on each rank.

    Gemma 3n has a learned residual of low rank and mixes several inputs besides, Qwen 4 mixes
    several residuals at each block (transformers 5.20.2 modeling_gemma3n.py, and of qwen4_exp).
    """
    size = shape.text.whole("hidden_size_per_layer_input")
    if size:
        tally.vector("norm", (2 * size + 1) * shape.hidden)
    mixed = shape.text.whole("hc_count") * shape.hidden
    if mixed:
        low = shape.text.whole("hc_lowrank")
        tally.vector("norm", 2 * mixed * (2 * low + 1 + shape.text.whole("hc_count")))
    rank, lanes = shape.text.whole("laurel_rank"), shape.text.whole("altup_num_inputs")
    if rank and lanes:
        tally.vector("norm", (2 * rank + 1) * shape.hidden)
        tally.vector("norm", lanes * lanes * (lanes + 1) + (lanes + 2) * shape.hidden)


def _norms(shape: Shape, tally: Tally) -> None:
    each = 4 if shape.has("norms4") else 3 if shape.has("norms3") else 2
    each = 1 if _one_norm(shape) else each
    tally.vector("norm", each * shape.hidden)
    if shape.has("layer_scale"):
        tally.vector("norm", 1)
    if shape.has("norm_bias"):
        tally.vector("norm", each * shape.hidden)


def _one_norm(shape: Shape) -> bool:
    """Whether attention and feed-forward read the same normed input.

    Falcon's newer layout norms it twice unless it says otherwise (transformers modeling_falcon).
    """
    if shape.model_type != "falcon":
        side = shape.model_type == "stablelm" and shape.text.flag("use_parallel_residual")
        return shape.has("norms1") or side
    text = shape.text
    if text.flag("new_decoder_architecture"):
        return text.whole("num_ln_in_parallel_attn", 2) == 1
    return text.flag("parallel_attn", True)


def _ffn(shape: Shape, tally: Tally, sparse: bool, borrowed: bool) -> Ffn:
    if shape.has("no_ffn"):
        return ffns.NONE
    if shape.text.flag("enable_moe_block"):
        from servec.compiler.catalogue.ingest.two_sizes import dense_and_moe

        return dense_and_moe(shape, tally)
    if sparse:
        return ffns.moe(shape, tally)
    width = shape.width or shape.text.need("intermediate_size")
    double = borrowed and shape.text.flag("use_double_wide_mlp")
    return ffns.dense(shape, tally, 2 * width if double else width)


def _block_index(shape: Shape, tally: Tally, attention: Attention) -> Attention:
    """The block index of MiniMax-M3: a few query heads and one key a token."""
    from servec.dsl.record import replace

    keys = shape.text.sub("sparse_attention_config")
    heads, dim = keys.need("sparse_num_index_heads"), keys.need("sparse_index_dim")
    tally.matrix("attention", "attn.index_q_proj", heads * dim, shape.hidden, whole=True)
    tally.matrix("attention", "attn.index_k_proj", dim, shape.hidden, whole=True)
    tally.vector("attention", 2 * dim)
    return replace(attention, kv_elements=attention.kv_elements + dim, index_elements=dim)
