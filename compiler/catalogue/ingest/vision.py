"""Weights of vision towers and their projectors, for the towers whose layout is known exactly.

Each formula is held by a published total that it completes to the weight.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.catalogue.ingest.fields import Fields
    from servec.compiler.catalogue.ingest.shape import Shape


def vision_params(shape: Shape) -> int:
    """The tower's weights; 0 where there is none, or none whose layout is known."""
    if shape.top_type == "whisper":
        from servec.compiler.catalogue.ingest.whisper import encoder_params

        return encoder_params(shape)
    count = TOWERS.get(shape.top_type)
    if count is None or not isinstance(shape.top.data.get("vision_config"), dict):
        return 0
    return count(shape, shape.top.sub("vision_config"))


def vision_heads(shape: Shape) -> int:
    """Attention heads of the tower, which tensor parallelism has to divide; 0 not known."""
    tower = shape.top.data.get("vision_config")
    if not isinstance(tower, dict):
        return 0
    keys = ("num_heads", "num_attention_heads", "vt_num_attention_heads", "attention_heads")
    return shape.top.sub("vision_config").first(*keys)


def _qwen3(shape: Shape, tower: Fields) -> int:
    width, inner, out = (
        tower.need("hidden_size"),
        tower.need("intermediate_size"),
        tower.need("out_hidden_size"),
    )
    cell = tower.need("spatial_merge_size") ** 2 * width
    layer = 4 * width + 4 * width * width + 4 * width + 2 * width * inner + inner + width
    merger = cell * cell + cell + cell * out + out
    patch = (
        tower.whole("in_channels", 3)
        * tower.need("temporal_patch_size")
        * tower.need("patch_size") ** 2
    )
    stacked = len(tower.counts("deepstack_visual_indexes"))
    return (
        patch * width
        + width
        + tower.need("num_position_embeddings") * width
        + tower.need("depth") * layer
        + merger
        + 2 * width
        + stacked * (merger + 2 * cell)
    )


def _qwen2_5(shape: Shape, tower: Fields) -> int:
    width, inner, out = (
        tower.need("hidden_size"),
        tower.need("intermediate_size"),
        tower.need("out_hidden_size"),
    )
    cell = 4 * width
    layer = 2 * width + 4 * width * width + 4 * width + 3 * width * inner + 2 * inner + width
    patch = 6 * tower.need("patch_size") ** 2
    return (
        patch * width + tower.need("depth") * layer + width + cell * cell + cell + cell * out + out
    )


def _qwen2(shape: Shape, tower: Fields) -> int:
    """Qwen2-VL: layers with biases, a merger of two; `hidden_size` is the language model's."""
    width, out = tower.need("embed_dim"), tower.need("hidden_size")
    inner, cell = tower.need("mlp_ratio") * width, tower.whole("spatial_merge_size", 2) ** 2 * width
    patch = 3 * tower.whole("temporal_patch_size", 2) * tower.need("patch_size") ** 2
    layers = tower.need("depth") * _siglip_layer(width, inner)
    return patch * width + layers + 2 * width + cell * cell + cell + cell * out + out


def _siglip_layer(width: int, inner: int) -> int:
    return 4 * width + 4 * (width * width + width) + 2 * width * inner + inner + width


def _gemma3(shape: Shape, tower: Fields) -> int:
    width, inner, patch = _three(tower)
    places = (tower.need("image_size") // patch) ** 2
    layers = tower.need("num_hidden_layers") * _siglip_layer(width, inner)
    return (
        3 * patch * patch * width
        + width
        + places * width
        + layers
        + 2 * width
        + width * shape.hidden
        + width
    )


def _llama4(shape: Shape, tower: Fields) -> int:
    width, inner, patch = _three(tower)
    cell = tower.need("projector_input_dim")
    places = (tower.need("image_size") // patch) ** 2 + 1
    layers = tower.need("num_hidden_layers") * _siglip_layer(width, inner)
    projector = inner * cell + cell * tower.need("projector_output_dim")
    return (
        3 * patch * patch * width
        + width
        + places * width
        + 4 * width
        + layers
        + projector
        + tower.need("vision_output_dim") * shape.hidden
    )


def _pixtral(shape: Shape, tower: Fields) -> int:
    width, inner, patch = _three(tower)
    layers = tower.need("num_hidden_layers") * (2 * width + 4 * width * width + 3 * width * inner)
    cell = shape.top.whole("spatial_merge_size", 2) ** 2 * width
    projector = cell * width + width * shape.hidden + shape.hidden * shape.hidden
    return 3 * patch * patch * width + width + layers + width + projector


def _mllama(shape: Shape, tower: Fields) -> int:
    """Llama 3.2: local and gated global layers, embeddings of tiles, one linear projector."""
    width, inner, patch = _three(tower)
    places = (tower.need("image_size") // patch) ** 2 + 1
    shapes, tiles = (
        tower.length("supported_aspect_ratios") + 1,
        tower.need("max_num_tiles"),
    )
    deep = tower.need("num_global_layers")
    layer = 4 * width * width + 2 * width * inner + inner + width + 4 * width
    layers = (tower.need("num_hidden_layers") + deep) * layer + 2 * deep
    spots = 1 + places * width + shapes * tiles * places * width
    edges = 2 * (shapes * tiles * width + 1)
    projector = tower.need("vision_output_dim") * shape.hidden + shape.hidden
    return 3 * patch * patch * width + width + spots + edges + 4 * width + layers + projector


def _gemma4(shape: Shape, tower: Fields) -> int:
    """Gemma 4: gated layers with four norms, head norms, two tables of positions."""
    width, inner, patch = _three(tower)
    layer = 4 * width * width + 3 * width * inner + 4 * width + 2 * tower.need("head_dim")
    places = 2 * tower.need("position_embedding_size") * width
    scaled = 2 * width if tower.flag("standardize") else 0
    layers = tower.need("num_hidden_layers") * layer
    seen = 3 * patch * patch * width + places + layers + scaled + width * shape.hidden
    return seen + _gemma4_audio(shape)


def _gemma4_audio(shape: Shape) -> int:
    """Gemma 4 E: a conformer over two convolutions, and its projector."""
    tower = shape.top.sub("audio_config")
    if not tower.has("hidden_size"):
        return 0
    width, heads = tower.need("hidden_size"), tower.need("num_attention_heads")
    out = tower.whole("output_proj_dims", 1536)
    layer = 24 * width * width + 14 * width + width // heads
    first = 9 * 128 + 128 + 9 * 128 * 32 + 32 + 1024 * width
    layers = tower.need("num_hidden_layers") * layer
    return first + layers + out * width + out + out * shape.hidden


def _moonvit(shape: Shape, tower: Fields) -> int:
    """Kimi K2.5: MoonViT and a projector of two layers over merged patches."""
    width, inner = tower.need("vt_hidden_size"), tower.need("vt_intermediate_size")
    patch, out = tower.need("patch_size"), tower.need("text_hidden_size")
    layer = 4 * width * width + 4 * width + 2 * width * inner + inner + width + 4 * width
    cell = 4 * width
    places = tower.need("init_pos_emb_height") * tower.need("init_pos_emb_width") * width
    projector = 2 * width + cell * cell + cell + cell * out + out
    layers = tower.need("vt_num_hidden_layers") * layer
    return 3 * patch * patch * width + width + places + layers + 2 * width + projector


def _internvit(shape: Shape, tower: Fields) -> int:
    """InternViT of 300 M and of 6 B: scaled layers, and a projector of two over merged patches."""
    width, inner, patch = _three(tower)
    norm = (2 if tower.word("norm_type") == "layer_norm" else 1) * width
    heads = 2 * width * tower.flag("qk_normalization")
    layer = 4 * width * width + 3 * width * tower.flag("qkv_bias", True) + width + heads
    layer += 2 * width * inner + inner + width + 2 * norm + 2 * width
    places = (tower.need("image_size") // patch) ** 2 + 1
    cell = 4 * width
    projector = 2 * cell + cell * shape.hidden + shape.hidden * shape.hidden + 2 * shape.hidden
    layers = tower.need("num_hidden_layers") * layer
    return 3 * patch * patch * width + 2 * width + places * width + layers + projector


def _minimax_m3(shape: Shape, tower: Fields) -> int:
    """MiniMax M3: CLIP over two frames, a projector, and one more behind merged patches."""
    width, inner, patch = _three(tower)
    out = tower.need("projection_dim")
    layers = tower.need("num_hidden_layers") * _siglip_layer(width, inner)
    merged = 4 * out * out + out + out * out + out
    return (
        6 * patch * patch * width
        + 2 * width
        + layers
        + width * out
        + out
        + out * out
        + out
        + merged
    )


def _three(tower: Fields) -> tuple[int, int, int]:
    """Width, inner width and patch."""
    return tower.need("hidden_size"), tower.need("intermediate_size"), tower.need("patch_size")


TOWERS = {
    "mllama": _mllama,
    "gemma4": _gemma4,
    "kimi_k25": _moonvit,
    "internvl_chat": _internvit,
    "minimax_m3_vl": _minimax_m3,
    "qwen3_vl": _qwen3,
    "qwen3_vl_moe": _qwen3,
    "qwen3_5": _qwen3,
    "qwen3_5_moe": _qwen3,
    "qwen2_vl": _qwen2,
    "qwen2_5_vl": _qwen2_5,
    "gemma3": _gemma3,
    "llama4": _llama4,
    "mistral3": _pixtral,
}
