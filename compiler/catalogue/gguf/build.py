"""A `Model` from a GGUF header: counts and bits from the tensors, shape from the keys."""

from __future__ import annotations

from fractions import Fraction

from servec.compiler.catalogue.gguf.header import Counted, Header, read_header
from servec.compiler.catalogue.gguf.keys import Keys
from servec.compiler.catalogue.gguf.mixer import mixer
from servec.compiler.catalogue.gguf.parts import Parts
from servec.compiler.catalogue.ingest.build import Refused
from servec.compiler.catalogue.ingest.fields import BadConfig
from servec.compiler.catalogue.store import fact
from servec.compiler.model import Ffn, LayerGroup, Model, Quant

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.model import Attention

MOST_BLOCKS = 2000
POOLING = {1: "mean", 2: "cls", 3: "last"}
RANK = 4


def gguf_model(data: bytes, id: str) -> Model | Refused:
    """The model of a GGUF file that begins with `data`; never raises on bad input."""
    try:
        return _model(read_header(data), id)
    except BadConfig as bad:
        return Refused(str(bad))


def _model(header: Header, id: str) -> Model:
    keys = Keys(header.keys)
    if keys.arch == "clip":
        raise BadConfig("the file is a vision projector: name the language model's file")
    blocks = keys.need("block_count")
    if blocks > MOST_BLOCKS:
        raise BadConfig("`block_count` is out of range")
    drafts = min(keys.whole("nextn_predict_layers"), blocks - 1)
    parts = Parts(header, blocks - drafts)
    groups = _groups(keys, parts)
    embed, head = parts.outside.get("embed", 0), parts.outside.get("head", 0)
    other = parts.outside.get("other", 0)
    layers = sum(sum(block.values()) for block in parts.blocks)
    mixers = tuple(g.attention for g in groups if g.attention.kv_elements)
    pooling = keys.whole("pooling_type")
    return Model(
        id=id,
        name=id,
        architecture=keys.arch,
        model_type=keys.arch,
        hidden=keys.need("embedding_length"),
        layers=len(parts.blocks),
        heads=max(keys.each("attention.head_count", len(parts.blocks)), default=0),
        kv_heads=max((m.kv_heads for m in mixers), default=0),
        head_dim=max((m.head_dim for m in mixers), default=0),
        width=max(keys.each("feed_forward_length", len(parts.blocks)), default=0),
        vocab=_vocab(keys, header),
        max_context=keys.whole("context_length"),
        groups=groups,
        quant=_quant(header, parts),
        experts=keys.whole("expert_count"),
        experts_used=keys.whole("expert_used_count"),
        expert_width=keys.whole("expert_feed_forward_length"),
        shared_experts=keys.whole("expert_shared_count"),
        mla=any(m.kind == "mla" for m in mixers),
        family=_family(keys, groups),
        task="rerank" if pooling == RANK else "embed" if pooling else "generate",
        pooling=POOLING.get(pooling, ""),
        embed_params=embed,
        head_params=head,
        tied=not head,
        other_params=other,
        vision_params=parts.outside.get("vision", 0),
        mtp_layers=drafts,
        mtp_params=parts.params.get("mtp", 0),
        total=embed + head + other + layers + parts.outside.get("vision", 0),
        active=embed + head + other + layers - _asleep(groups),
        checkpoint_bytes=int(parts.bytes),
        source="header of a GGUF file",
        has_window=any(g.attention.kind == "window" for g in groups),
        file=id.rpartition("/")[2],
    )


def _groups(keys: Keys, parts: Parts) -> tuple[LayerGroup, ...]:
    """Blocks of equal parts and mixer, in order of the first."""
    places: dict[tuple[object, ...], list[int]] = {}
    for block, held in enumerate(parts.blocks):
        found = mixer(keys, block, parts.names[block], held.get("attention", 0))
        places.setdefault((found, *sorted(held.items())), []).append(block)
    return tuple(
        _group(keys, parts.blocks[blocks[0]], kind[0], blocks)  # type: ignore[arg-type]
        for kind, blocks in places.items()
    )


def _group(keys: Keys, held: dict[str, int], attention: Attention, blocks: list[int]) -> LayerGroup:
    experts, width = keys.whole("expert_count"), keys.each("feed_forward_length", blocks[-1] + 1)
    if held.get("experts") and experts:
        ffn = Ffn(
            "moe",
            keys.whole("expert_feed_forward_length") or width[-1],
            experts=experts,
            used=min(experts, max(1, keys.whole("expert_used_count"))),
            expert_params=held["experts"] // experts,
            shared_params=held.get("shared", 0) + held.get("dense", 0),
            router_params=held.get("router", 0) + held["experts"] % experts,
        )
    else:
        found = held.get("dense", 0) + held.get("shared", 0)
        ffn = Ffn("dense" if found else "none", width[-1] if found else 0, params=found)
    return LayerGroup(len(blocks), attention, ffn, held.get("norm", 0), tuple(blocks))


def _asleep(groups: tuple[LayerGroup, ...]) -> int:
    return sum(g.count * (g.ffn.experts - g.ffn.used) * g.ffn.expert_params for g in groups)


def _vocab(keys: Keys, header: Header) -> int:
    stated = keys.whole("vocab_size")
    tokens = header.keys.get("tokenizer.ggml.tokens")
    if stated:
        return stated
    return tokens.length if isinstance(tokens, Counted) else len(tokens or ())


def _quant(header: Header, parts: Parts) -> Quant:
    """The file's own type by name; bits as its tensors have them."""
    number = header.keys.get("general.file_type")
    word = str(fact("precision")["gguf_ids"]["files"].get(str(number), ""))
    bits = parts.part_bits()
    found = sum(parts.bits.values(), Fraction(0)) / max(1, sum(parts.params.values()))
    return Quant("gguf", word or "gguf", word or "gguf", found, part_bits=bits, schemes=(word,))


def _family(keys: Keys, groups: tuple[LayerGroup, ...]) -> str:
    if keys.arch == "gpt-oss":
        return "gptoss"
    if not any(g.ffn.kind == "moe" for g in groups):
        return "dense"
    kinds = {g.attention.kind for g in groups}
    if kinds & {"linear", "mamba"}:
        return "hybrid_moe"
    return "mla_moe" if "mla" in kinds else "gqa_moe"
