"""From a config to a `Model`, or to the reason why there is none."""

from __future__ import annotations

from servec.compiler.catalogue.ingest.context import max_context, places
from servec.compiler.catalogue.ingest.draft import draft
from servec.compiler.catalogue.ingest.fields import BadConfig
from servec.compiler.catalogue.ingest.layout import family_of, layout
from servec.compiler.catalogue.ingest.nature import modalities, notes_on, predictor_family, task_of
from servec.compiler.catalogue.ingest.quant import read_quant
from servec.compiler.catalogue.ingest.shape import read_shape
from servec.compiler.catalogue.ingest.vision import vision_heads, vision_params
from servec.compiler.model import Model
from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from servec.compiler.catalogue.ingest.groups import Built
    from servec.compiler.catalogue.ingest.shape import Shape
    from servec.compiler.model import Attention, LayerGroup


@record
class Refused:
    """Why a config is no model: one sentence without a full stop."""

    why: str


def ingest(
    config: Mapping[str, object], quant_config: Mapping[str, object] | None = None, id: str = ""
) -> Model | Refused:
    """The model that `config` describes.

    `config`: a config.json as published, module lists compacted or not. `quant_config`: the
    checkpoint's hf_quant_config.json. `id`: what to call it. Never raises on bad input.
    """
    try:
        return _model(config, quant_config, id)
    except BadConfig as bad:
        return Refused(str(bad))


def _model(
    config: Mapping[str, object], quant_config: Mapping[str, object] | None, id: str
) -> Model:
    if "pretrained_config" in config and "build_config" in config:
        raise BadConfig("an engine of TensorRT-LLM is described, not its checkpoint,")
    shape = read_shape(config)
    family = family_of(shape)
    built = layout(shape, family)
    mtp_layers, mtp, copies = draft(shape, family)
    embed = shape.vocab * shape.hidden
    headless = shape.tied or family == "encoder"
    biased = shape.text.flag("lm_head_bias") or shape.has("head_bias")
    head = 0 if headless else embed + shape.vocab * biased
    other, idle = _other(shape, family)
    vision = vision_params(shape)
    layers = sum(b.group.count * b.tally.total for b in built)
    total = embed + head + other + layers + vision
    context, scaling = max_context(shape)
    if family == "encoder":
        from servec.compiler.catalogue.ingest.encoder import positions

        context = positions(shape, context)
    quant = read_quant(shape, quant_config, built, mtp)
    groups = tuple(b.group for b in built)
    return Model(
        id=id,
        name=id,
        architecture=_architecture(shape),
        model_type=shape.top_type or shape.model_type,
        hidden=shape.hidden,
        layers=sum(g.count for g in groups),
        heads=shape.heads,
        kv_heads=_kv_heads(shape, groups),
        head_dim=max((mixer.head_dim for mixer in _cached(groups)), default=0),
        width=shape.width,
        vocab=shape.vocab,
        max_context=context,
        groups=groups,
        quant=quant,
        bits16="fp16" if "float16" in shape.dtypes else "bf16",
        experts=shape.experts,
        experts_used=shape.used,
        expert_width=shape.expert_width,
        shared_experts=_shared(shape, groups),
        mla=family in ("latent", "v4"),
        family=predictor_family(shape, groups, family),
        task=task_of(shape),
        modalities=modalities(shape),
        embed_params=embed,
        head_params=head,
        tied=shape.tied,
        other_params=other,
        vision_params=vision,
        mtp_layers=mtp_layers,
        mtp_params=mtp.total,
        mtp_copies=copies,
        total=total,
        active=total - vision - idle - _asleep(built),
        notes=notes_on(shape, groups, vision),
        vision_heads=vision_heads(shape),
        context_scaling=scaling,
        has_window=any(g.attention.kind in ("window", "chunked") for g in groups),
        remote_code=shape.top.has("auto_map"),
        window_said=shape.text.flag("use_sliding_window"),
    )


def _other(shape: Shape, family: str) -> tuple[int, int]:
    """Weights outside of all layers beside embedding and head, and how many of them do no work."""
    text, hidden = shape.text, shape.hidden
    if family == "encoder":
        from servec.compiler.catalogue.ingest.encoder import encoder_rest

        return encoder_rest(shape), 0
    if family == "seq2seq":
        from servec.compiler.catalogue.ingest.seq2seq import seq2seq_rest

        return seq2seq_rest(shape), 0
    if family == "zamba2":
        from servec.compiler.catalogue.ingest.zamba import zamba2_rest

        return zamba2_rest(shape), 0
    found = (2 if shape.has("extra_norm") else 1) * hidden
    found += 2 * hidden * shape.has("embed_norm")
    if shape.has("places"):
        found += (places(shape) + 2 * (shape.model_type == "opt")) * hidden
    idle = 0
    lanes = text.whole("hc_mult") if family == "v4" else 0
    if lanes:
        found += lanes * lanes * hidden + lanes + 1
    each = text.whole("hidden_size_per_layer_input")
    if each:
        rows = text.whole("vocab_size_per_layer_input") or shape.vocab
        idle = rows * shape.layers * each
        found += shape.layers * each * hidden + each
    found += 2 * max(0, text.whole("altup_num_inputs") - 1) * hidden * hidden
    if shape.model_type == "deepseek_v41_text":
        idle = sum(text.counts("engram_num_embeddings")) * text.need("engram_head_dim")
    if shape.model_type == "mllama_text_model":
        found += 8 * hidden
    return found + idle, idle


def _asleep(built: tuple[Built, ...]) -> int:
    """Weights of all layers that a token does not use: the other experts and lookup tables."""
    found = 0
    for part in built:
        ffn = part.group.ffn
        found += part.group.count * (part.tally.idle + (ffn.experts - ffn.used) * ffn.expert_params)
    return found


def _cached(groups: tuple[LayerGroup, ...]) -> tuple[Attention, ...]:
    """The mixers that keep a cache; where none does (encoders), all of them."""
    mixers = tuple(group.attention for group in groups)
    return tuple(mixer for mixer in mixers if mixer.kv_elements) or mixers


def _kv_heads(shape: Shape, groups: tuple[LayerGroup, ...]) -> int:
    """The stated KV heads where layers have them; else the most that any layer has."""
    found = {mixer.kv_heads for mixer in _cached(groups)}
    return shape.kv_heads if shape.kv_heads in found else max(found, default=0)


def _architecture(shape: Shape) -> str:
    names = shape.top.words("architectures") or shape.text.words("architectures")
    return names[0] if names else ""


def _shared(shape: Shape, groups: tuple[LayerGroup, ...]) -> int:
    keys = ("n_shared_experts", "num_shared_experts", "moe_num_shared_experts")
    stated = shape.text.first(*keys)
    if stated or not shape.experts:
        return stated
    return int(any(g.ffn.shared_width for g in groups))
