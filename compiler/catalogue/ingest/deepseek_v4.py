"""DeepSeek-V4 and V4.1: compressed attention, hyper-connections, hash-routed first layers.

Source: the reference implementation in the DeepSeek-V4 repositories; the totals it gives match the
published ones to the weight. The cache of one token is an upper bound for V4.1, whose layers share.
"""

from __future__ import annotations

from fractions import Fraction

from servec.compiler.catalogue.ingest.ffn import mixture, shared_mlp
from servec.compiler.catalogue.ingest.groups import group_layers
from servec.compiler.catalogue.ingest.latent import hyper_connections
from servec.compiler.model import Attention

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.catalogue.ingest.groups import Built
    from servec.compiler.catalogue.ingest.shape import Shape
    from servec.compiler.catalogue.ingest.tally import Tally
    from servec.compiler.model import Ffn

FINE = 4
"""The compression ratio that carries an index of its own."""


def deepseek_v4(shape: Shape) -> tuple[Built, ...]:
    """The layers, by compression ratio and by whether tokens are routed by a table."""
    ratios = shape.text.counts("compress_ratios")
    hashed = shape.text.whole("num_hash_layers")
    kinds = [
        (ratios[layer] if layer < len(ratios) else 0, layer < hashed)
        for layer in range(shape.layers)
    ]

    def make(kind: tuple[int, bool], layer: int, tally: Tally) -> tuple[Attention, Ffn]:
        ratio, by_table = kind
        return v4_layer(shape, tally, ratio, by_table, shape.experts, shape.used)

    return group_layers(kinds, make)


def v4_layer(
    shape: Shape, tally: Tally, ratio: int, by_table: bool, experts: int, used: int
) -> tuple[Attention, Ffn]:
    """Count one layer; also that of a draft module, which has experts of its own."""
    attention = _attention(shape, tally, ratio)
    tally.vector("norm", 2 * shape.hidden + hyper_connections(shape))
    width = shape.text.need("moe_intermediate_size")
    tally.matrix("router", "mlp.gate", experts, shape.hidden, plain=True)
    if by_table:
        tally.vector("router", shape.vocab * used, idle=True)
    else:
        tally.vector("router", experts)
    for name in ("gate_proj", "up_proj"):
        tally.matrix("experts", f"mlp.experts.{name}", width, shape.hidden, experts)
    tally.matrix("experts", "mlp.experts.down_proj", shape.hidden, width, experts)
    shared_mlp(shape, tally, width, 3)
    return attention, mixture(tally, width, experts, used, width, 3)


def _attention(shape: Shape, tally: Tally, ratio: int) -> Attention:
    text, hidden, heads, dim = shape.text, shape.hidden, shape.heads, shape.head_dim
    q_rank, lanes, o_rank = (
        text.need("q_lora_rank"),
        text.need("o_groups"),
        text.need("o_lora_rank"),
    )
    tally.matrix("attention", "attn.wq_a", q_rank, hidden, whole=True)
    tally.vector("attention", q_rank + dim + heads)
    tally.matrix("attention", "attn.wq_b", heads * dim, q_rank)
    tally.matrix("attention", "attn.wkv", dim, hidden, whole=True)
    tally.matrix("attention", "attn.wo_a", lanes * o_rank, heads * dim // lanes)
    tally.matrix("attention", "attn.wo_b", hidden, lanes * o_rank)
    grown, index = Fraction(0), Fraction(0)
    if ratio:
        _compressor(tally, hidden, dim, ratio)
        grown = Fraction(dim, ratio)
    if ratio == FINE:
        count, width = text.need("index_n_heads"), text.need("index_head_dim")
        tally.matrix("attention", "attn.indexer.wq_b", count * width, q_rank, whole=True)
        tally.matrix("attention", "attn.indexer.weights_proj", count, hidden, 1, 0, True, True)
        _compressor(tally, hidden, width, FINE)
        index = Fraction(width, ratio)
    return Attention(
        kind="mla",
        heads=heads,
        kv_heads=1,
        head_dim=dim,
        v_head_dim=dim,
        q_rank=q_rank,
        kv_rank=dim - text.whole("qk_rope_head_dim"),
        rope_dim=text.whole("qk_rope_head_dim"),
        kv_elements=grown + index,
        index_elements=index,
        topk=text.whole("index_topk") if ratio == FINE else 0,
        side_elements=dim,
        side_window=text.whole("sliding_window"),
    )


def _compressor(tally: Tally, hidden: int, dim: int, ratio: int) -> None:
    halves = 2 if ratio == FINE else 1
    tally.matrix("attention", "attn.compressor", halves * dim, hidden, 2, whole=True, plain=True)
    tally.vector("attention", ratio * halves * dim + dim)
