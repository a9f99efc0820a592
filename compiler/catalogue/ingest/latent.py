"""Decoders with latent attention: DeepSeek-V2 to V3.2, Kimi, GLM-5, MiniCPM3, Ling 2.5 to 3."""

from __future__ import annotations

from servec.compiler.catalogue.ingest import ffn as ffns
from servec.compiler.catalogue.ingest.groups import group_layers
from servec.compiler.catalogue.ingest.mla import has_index, mla

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.catalogue.ingest.groups import Built
    from servec.compiler.catalogue.ingest.shape import Shape
    from servec.compiler.catalogue.ingest.tally import Tally
    from servec.compiler.model import Attention, Ffn


def latent(shape: Shape) -> tuple[Built, ...]:
    """The layers; some of Kimi-Linear, Kimi-K3, GLM-5.3-Flash and Ling are recurrent."""
    if shape.model_type == "longcat_flash":
        return _longcat(shape)
    recurrent = _recurrent(shape)
    kinds = [
        (
            "recurrent" if layer in recurrent else "index" if has_index(shape, layer) else "mla",
            ffns.is_moe(shape, layer),
        )
        for layer in range(shape.layers)
    ]

    def make(kind: tuple[str, bool], layer: int, tally: Tally) -> tuple[Attention, Ffn]:
        mixer, sparse = kind
        if mixer == "recurrent":
            from servec.compiler.catalogue.ingest import recurrent as mixers

            squares = shape.text.whole("layer_group_size") and not mixers.delta_keys(shape)
            attention = (mixers.lightning if squares else mixers.kda)(shape, tally)
        else:
            attention = mla(shape, tally, mixer == "index")
        tally.vector("norm", 2 * shape.hidden + hyper_connections(shape))
        if sparse:
            return attention, ffns.moe(shape, tally)
        return attention, ffns.dense(shape, tally, shape.text.need("intermediate_size"))

    return group_layers(kinds, make)


def _longcat(shape: Shape) -> tuple[Built, ...]:
    """LongCat-Flash: each layer attends twice, has two dense blocks and experts beside them.

    It is kept as two: one with the experts and a dense block that every token passes, one without
    (vllm 0.33.0 longcat_flash.py). Experts that do nothing have a row of the router each.
    """
    dense, experts = shape.text.need("ffn_hidden_size"), shape.experts

    def make(sparse: bool, layer: int, tally: Tally) -> tuple[Attention, Ffn]:
        attention = mla(shape, tally, False)
        tally.vector("norm", 2 * shape.hidden)
        if not sparse:
            return attention, ffns.dense(shape, tally, dense)
        routed = experts + shape.text.whole("zero_expert_num")
        tally.matrix("router", "mlp.router", routed, shape.hidden, bias=routed, plain=True)
        for name in ("gate_proj", "up_proj"):
            tally.matrix("experts", f"experts.{name}", shape.expert_width, shape.hidden, experts)
        tally.matrix("experts", "experts.down_proj", shape.hidden, shape.expert_width, experts)
        ffns.shared_mlp(shape, tally, dense, 3)
        return attention, ffns.mixture(tally, shape.expert_width, experts, shape.used, dense, 3)

    return group_layers([layer % 2 == 0 for layer in range(2 * shape.layers)], make)


def hyper_connections(shape: Shape) -> int:
    """Weights of the two manifold hyper-connections of a layer; 0 where there are none."""
    lanes = shape.text.whole("hc_mult")
    if not lanes:
        return 0
    return 2 * ((2 + lanes) * lanes * lanes * shape.hidden + (2 + lanes) * lanes + 3)


def _recurrent(shape: Shape) -> frozenset[int]:
    """Indices of KDA layers; `kda_layers` counts from 1 in Kimi-Linear's class.

    Of Ling's layers the last of each group attends (vllm 0.33.0 bailing_moe_linear.py).
    """
    group = shape.text.whole("layer_group_size")
    if group:
        return frozenset(layer for layer in range(shape.layers) if (layer + 1) % group)
    base = 1 if shape.model_type == "kimi_linear" else 0
    stated = shape.text.sub("linear_attn_config").counts("kda_layers")
    return frozenset(layer - base for layer in stated)
