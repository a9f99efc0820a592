"""Which part of a model a checkpoint's tensor belongs to, by its name."""

from __future__ import annotations

import re

LAYER = re.compile(r"(?:^|\.)(?:layers|h|blocks)\.(\d{1,4})\.(.+)")
SEEN = re.compile(
    r"(?:^|\.)(?:visual|vision_tower|vision_model|vision_encoder|vision_embed\w*|audio_tower|"
    r"embed_vision|embed_audio|multi_modal_projector|mm_projector|patch_merger|image_newline|"
    r"vpm|resampler|mlp1|sound_encoder|audio_model)(?:\.|$)"
)
DRAFTS = re.compile(r"(?:^|\.)mtp(?:_\w+)?\.")
ENDS = (
    ("head", re.compile(r"(?:^|\.)(?:lm_head|output_layer|score|classifier)\.")),
    ("embed", re.compile(r"(?:embed_tokens|word_embeddings|wte|tok_embeddings|embeddings)\.")),
)
MIXERS = re.compile(
    r"attn|attention|linear_attn|mamba|mixer|indexer|[qkvo]_proj|qkv|kv_[ab]_proj|q_[ab]_proj"
)
ROUTERS = re.compile(r"(?:^|\.)(?:gate|router)(?:\.(?:weight|bias|proj|e_score\w*|wg).*|)$")
EXPERTS = re.compile(r"(?:^|\.)experts?(?:\.|_)")
SHARED = re.compile(r"shared_expert|shared_mlp|shared_head_mlp")
FEEDS = re.compile(r"mlp|ffn|feed_forward|moe|w[123]\b|fc[12]|gate_up|up_proj|down_proj")


def place_of(name: str, layers: int) -> tuple[str, int]:
    """The part of `name` (a key of `Quant.part_bits`) and its layer, -1 outside of all.

    Layers from `layers` on are drafts (DeepSeek stores them behind the others).
    """
    if DRAFTS.search(name):
        return "mtp", -1
    if SEEN.search(name):
        return "vision", -1
    found = LAYER.search(name)
    if found is not None:
        layer, inner = int(found.group(1)), found.group(2)
        return ("mtp", -1) if layer >= layers else (_inner(inner), layer)
    for part, pattern in ENDS:
        if pattern.search(name) and "per_layer" not in name and "norm" not in name.lower():
            return part, -1
    return "other", -1


def _inner(name: str) -> str:
    """The part of a tensor below its layer."""
    if "norm" in name.partition(".")[0]:
        return "other"
    if SHARED.search(name):
        return "shared"
    if ROUTERS.search(name) and not EXPERTS.search(name):
        return "router"
    if EXPERTS.search(name):
        return "experts"
    if MIXERS.search(name) and not FEEDS.search(name):
        return "attention"
    return "dense" if FEEDS.search(name) else "other"
