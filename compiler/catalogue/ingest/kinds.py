"""Which mixer each layer of a model has: full, windowed, chunked, linear or cross attention."""

from __future__ import annotations

from servec.compiler.catalogue.ingest.fields import BadConfig

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.catalogue.ingest.fields import Fields
    from servec.compiler.catalogue.ingest.shape import Shape

STATED = {
    "full_attention": "full",
    "attention": "full",
    "sliding_attention": "window",
    "chunked_attention": "chunked",
    "indexed_attention": "full",
    "hybrid": "full",
    "hybrid_sliding": "window",
    "linear_attention": "linear",
    "conv": "linear",
    "mamba": "mamba",
}


def window(shape: Shape) -> int:
    """Tokens a windowed or chunked layer keeps; 0 where no layer does.

    `use_sliding_window = false` switches off a window that is stated (Qwen2.5), and one as long as
    the context is none (Phi-3).
    """
    text = shape.text
    if not text.flag("use_sliding_window", True):
        return 0
    size = text.first("sliding_window", "sliding_window_size", "attention_chunk_size")
    longest = text.whole("max_position_embeddings")
    return 0 if longest and size >= longest else size


def mixer_kinds(shape: Shape) -> tuple[str, ...]:
    """`full window chunked linear mamba1 mamba beside cross`, one for each layer."""
    stated = shape.text.words("layer_types")
    crossed = frozenset(shape.text.counts("cross_attention_layers"))
    limited = bool(window(shape))
    kinds: list[str] = []
    for layer in range(shape.layers):
        kind = _stated(stated, layer) or _by_rule(shape, layer)
        if layer in crossed:
            kind = "cross"
        elif kind in ("window", "chunked") and not limited:
            kind = "full"
        kinds.append(kind)
    return tuple(kinds)


def _stated(stated: tuple[str, ...], layer: int) -> str:
    if layer >= len(stated):
        return ""
    kind = STATED.get(stated[layer])
    if not kind:
        raise BadConfig(f"`layer_types` holds `{stated[layer][:40]}`, which is not known")
    return kind


def _by_rule(shape: Shape, layer: int) -> str:
    """The class's own rule, where the config lists no kinds.

    Sources: transformers modeling_gemma2, modeling_gemma3, modeling_llama4, modeling_qwen3_next,
    modeling_qwen2 (`max_window_layers`), modeling_mistral; the MiMo-V2-Flash repository.
    """
    text, kind = shape.text, shape.model_type
    if shape.has("mixer_by_class"):
        return _by_class(text, kind, layer)
    attends = text.counts("full_attn_idxs")
    if attends:
        return "full" if layer in attends else "linear"
    interval = text.whole("full_attention_interval")
    if interval:
        return "full" if (layer + 1) % interval == 0 else "linear"
    if kind in ("gemma2", "gpt_neo"):
        return "full" if layer % 2 == (kind == "gemma2") else "window"
    if kind.startswith("gemma3"):
        return "window" if (layer + 1) % (text.whole("sliding_window_pattern") or 6) else "full"
    if kind in ("mimo_v2_flash", "mimo_v2"):
        return "window" if any(text.counts("hybrid_layer_pattern")[layer : layer + 1]) else "full"
    if kind == "llama4_text":
        return "chunked" if (layer + 1) % 4 else "full"
    if kind in ("mistral", "phimoe", "phi3", "mixtral", "starcoder2"):
        return "window"
    if kind in ("qwen2", "qwen3") and text.flag("use_sliding_window"):
        return "window" if layer >= text.whole("max_window_layers") else "full"
    return "full"


def _by_class(text: Fields, kind: str, layer: int) -> str:
    """The mixer in classes of one kind of layer, or with keys of their own for it."""
    if kind == "falcon_h1":
        return "beside"
    if kind == "jamba":
        period, offset = text.whole("attn_layer_period", 8), text.whole("attn_layer_offset", 4)
        return "full" if layer % max(1, period) == offset else "mamba1"
    if kind == "bamba":
        return "full" if layer in text.counts("attn_layer_indices") else "mamba"
    if kind.startswith("minimax_text"):
        return "full" if text.counts("attn_type_list")[layer : layer + 1] == (1,) else "linear"
    return "mamba" if kind == "mamba2" else "mamba1"
