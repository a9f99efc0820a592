"""Multi-head latent attention (DeepSeek-V2 and later), with or without a sparse index."""

from __future__ import annotations

from fractions import Fraction

from servec.compiler.model import Attention

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.catalogue.ingest.shape import Shape
    from servec.compiler.catalogue.ingest.tally import Tally


def mla(shape: Shape, tally: Tally, indexed: bool) -> Attention:
    """Count one layer: the cache is one latent and one rotary key per token, for all heads."""
    text, hidden, heads = shape.text, shape.hidden, shape.heads
    rank, rope = text.need("kv_lora_rank"), text.whole("qk_rope_head_dim")
    nope, q_rank = text.need("qk_nope_head_dim"), text.whole("q_lora_rank")
    value = text.whole("v_head_dim") or shape.head_dim
    if q_rank:
        tally.matrix("attention", "attn.q_a_proj", q_rank, hidden, whole=True)
        tally.vector("attention", q_rank)
        tally.matrix("attention", "attn.q_b_proj", heads * (nope + rope), q_rank)
    else:
        tally.matrix("attention", "attn.q_proj", heads * (nope + rope), hidden)
    tally.matrix("attention", "attn.kv_a_proj_with_mqa", rank + rope, hidden, whole=True)
    tally.vector("attention", rank)
    tally.matrix("attention", "attn.kv_b_proj", heads * (nope + value), rank)
    tally.matrix("attention", "attn.o_proj", hidden, heads * value)
    if text.flag("mla_use_output_gate"):
        tally.matrix("attention", "attn.g_proj", heads * value, hidden)
    index = _index(shape, tally, q_rank) if indexed else 0
    return Attention(
        kind="mla",
        heads=heads,
        kv_heads=1,
        head_dim=nope + rope,
        v_head_dim=value,
        q_rank=q_rank,
        kv_rank=rank,
        rope_dim=rope,
        nope_dim=nope,
        kv_elements=rank + rope + index,
        index_elements=index,
        topk=text.whole("index_topk") if text.whole("index_n_heads") else 0,
    )


def has_index(shape: Shape, layer: int) -> bool:
    """Whether `layer` computes its own sparse index; the others use that of the layer before."""
    if not shape.text.whole("index_n_heads"):
        return False
    kinds = shape.text.words("indexer_types")
    return not kinds or kinds[layer % len(kinds)] == "full"


def _index(shape: Shape, tally: Tally, q_rank: int) -> Fraction | int:
    """Count the lightning indexer; each rank keeps it whole. Elements a token adds to its cache.

    Some keep one key for several tokens (`index_kpool_compress`).
    """
    heads, dim = shape.text.need("index_n_heads"), shape.text.need("index_head_dim")
    source = q_rank or shape.hidden
    tally.matrix("attention", "attn.indexer.wq_b", heads * dim, source, whole=True)
    tally.matrix("attention", "attn.indexer.wk", dim, shape.hidden, whole=True)
    tally.vector("attention", 2 * dim)
    tally.matrix(
        "attention", "attn.indexer.weights_proj", heads, shape.hidden, whole=True, plain=True
    )
    pooled = shape.text.whole("index_kpool") if shape.text.flag("index_kpool_compress") else 1
    found = Fraction(dim, max(1, pooled))
    return int(found) if found == int(found) else found
