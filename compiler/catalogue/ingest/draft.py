"""Multi-token-prediction layers: draft modules that a checkpoint stores beside the model."""

from __future__ import annotations

from servec.compiler.catalogue.ingest import ffn as ffns
from servec.compiler.catalogue.ingest.gqa import gqa
from servec.compiler.catalogue.ingest.tally import Tally

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.catalogue.ingest.shape import Shape


def draft(shape: Shape, family: str) -> tuple[int, Tally, int]:
    """Layers, their weights, and the copies of embedding and head that are stored with them."""
    tally = Tally()
    if shape.has("no_mtp"):
        return 0, tally, 0
    if family == "nemotron_h":
        return _nemotron(shape, tally), tally, 0
    if family == "v4":
        return _v4(shape, tally), tally, 0
    keys = ("mtp_num_hidden_layers", "num_nextn_predict_layers", "num_mtp_modules")
    stated = any(shape.text.has(key) for key in keys)
    count = shape.text.first(*keys) if stated else int(shape.has("one_mtp"))
    if not 0 <= count <= 16:
        return 0, tally, 0
    for layer in range(shape.layers, shape.layers + count):
        _layer(shape, tally, family, layer)
    copies = 2 * shape.vocab * shape.hidden if count and shape.has("mtp_copies") else 0
    return count, tally, copies


def _layer(shape: Shape, tally: Tally, family: str, layer: int) -> None:
    hidden = shape.hidden
    if family == "latent":
        from servec.compiler.catalogue.ingest.mla import has_index, mla

        place = 0 if shape.model_type == "glm5_next_text" else layer
        mla(shape, tally, has_index(shape, place))
    else:
        gqa(shape, tally)
    if shape.experts and not shape.has("mtp_dense"):
        ffns.moe(shape, tally)
    else:
        ffns.dense(shape, tally, shape.width)
    tally.matrix("other", "eh_proj", hidden, 2 * hidden, plain=True)
    tally.vector("norm", 5 * hidden)


def _nemotron(shape: Shape, tally: Tally) -> int:
    from servec.compiler.catalogue.ingest.nemotron import block, blocks

    kinds = blocks(shape, "mtp_hybrid_override_pattern", "mtp_layers_block_type")
    for kind in kinds:
        tally.vector("norm", shape.hidden)
        block(shape, tally, kind)
    if kinds:
        tally.matrix("other", "eh_proj", shape.hidden, 2 * shape.hidden, plain=True)
        tally.vector("norm", 3 * shape.hidden)
    return shape.text.whole("num_nextn_predict_layers", 1) or 1 if kinds else 0


def _v4(shape: Shape, tally: Tally) -> int:
    from servec.compiler.catalogue.ingest.deepseek_v4 import v4_layer

    text, hidden, lanes = shape.text, shape.hidden, shape.text.whole("hc_mult")
    ratios = text.counts("compress_ratios")
    count = min(text.whole("num_nextn_predict_layers"), 16)
    experts = text.whole("dspark_n_routed_experts") or shape.experts
    used = text.whole("dspark_num_experts_per_tok") or shape.used
    for layer in range(shape.layers, shape.layers + count):
        ratio = ratios[layer] if layer < len(ratios) else 0
        v4_layer(shape, tally, ratio, False, experts, used)
        tally.matrix("other", "eh_proj", hidden, hidden, 2)
        tally.vector("norm", 3 * hidden + lanes * lanes * hidden + lanes + 1)
    return count
