"""The dimensions that every family reads, with class defaults filled in."""

from __future__ import annotations

from servec.compiler.catalogue.ingest import names
from servec.compiler.catalogue.ingest.fields import BadConfig, Fields
from servec.compiler.catalogue.ingest.traits import DEFAULTS, RENAMED, TRAITS
from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

NESTS = ("text_config", "llm_config", "language_config", "thinker_config")
LISTED = ("intermediate_size", "moe_intermediate_size", "moe_num_experts")
"""Keys that some classes give layer by layer, all alike (Gemma 3n), or by kind of input, that of
text the largest (ERNIE 4.5 VL)."""
MOST_LAYERS = 2000


@record
class Shape:
    """A config.json read once: `top` is the file, `text` the language model's part of it.

    `head_dim` is the stated one, else hidden / heads; 0 where neither is known. `kv_heads` is as
    stated, which for MLA is no cache size.
    """

    top: Fields
    text: Fields
    model_type: str
    top_type: str
    traits: frozenset[str]
    hidden: int
    layers: int
    heads: int
    kv_heads: int
    head_dim: int
    width: int
    vocab: int
    tied: bool
    experts: int
    used: int
    expert_width: int

    @property
    def dtypes(self) -> tuple[str, ...]:
        """Every dtype the config states, of the whole and of the language part."""
        places = ((part, key) for part in (self.top, self.text) for key in ("torch_dtype", "dtype"))
        found = (part.data.get(key) for part, key in places)
        return tuple(item for item in found if isinstance(item, str))

    def has(self, trait: str) -> bool:
        """Whether the model class does `trait` (see `traits`)."""
        return trait in self.traits


def read_shape(config: Mapping[str, object]) -> Shape:
    """The shape of `config`; raises `BadConfig`."""
    top = Fields(config)
    text = _language_part(top)
    kind = text.word("model_type") or top.word("model_type")
    if kind == "chatglm" and text.has("inner_hidden_size"):
        kind = "chatglm1"
    kind = RENAMED.get(kind, kind)
    listed = {key: max(text.counts(key), default=0) for key in LISTED if text.is_list(key)}
    if listed:
        text = Fields({**text.data, **listed}, text.where)
    missing = {k: v for k, v in DEFAULTS.get(kind, {}).items() if not text.has(k)}
    if missing:
        text = Fields({**text.data, **missing}, text.where)
    if kind == "dbrx":
        text = names.merged(text)
    hidden, heads = text.need(*names.HIDDEN), _heads(text)
    experts = text.first(*names.EXPERTS)
    inner = names.width(text, kind, hidden)
    return Shape(
        top=top,
        text=text,
        model_type=kind,
        top_type=top.word("model_type"),
        traits=TRAITS.get(kind, frozenset()),
        hidden=hidden,
        layers=_layers(text),
        heads=heads,
        kv_heads=names.kv_heads(text, heads),
        head_dim=_head_dim(text, hidden, heads),
        width=inner,
        vocab=text.first("vocab_size", "padded_vocab_size") or top.need("vocab_size"),
        tied=_tied(top, text, kind),
        experts=experts,
        used=_used(text, experts),
        expert_width=text.first(*names.EXPERT_WIDTH) if experts else 0,
    )


def _language_part(top: Fields) -> Fields:
    for key in NESTS:
        if isinstance(top.data.get(key), dict):
            inner = top.sub(key)
            return inner.sub("text_config") if inner.has("text_config") else inner
    return top


def _heads(text: Fields) -> int:
    if text.word("model_type") in ("mamba", "falcon_mamba", "mamba2"):
        return 0
    if text.is_list("block_configs") or text.has("num_attention_heads"):
        return text.whole("num_attention_heads")
    return text.need(*names.HEADS)


def _layers(text: Fields) -> int:
    found = text.first(*names.LAYERS)
    found = found or len(text.words("layers_block_type")) or len(_pattern(text))
    if not found:
        raise BadConfig(f"`{text.where}num_hidden_layers` is missing")
    if found > MOST_LAYERS:
        raise BadConfig(f"`{text.where}num_hidden_layers` is out of range")
    return found


def _pattern(text: Fields) -> str:
    return text.word("hybrid_override_pattern")


def _head_dim(text: Fields, hidden: int, heads: int) -> int:
    stated = text.first("head_dim", "kv_channels", "attention_head_dim", "d_kv")
    return stated or (hidden // heads if heads else 0)


def _used(text: Fields, experts: int) -> int:
    if not experts:
        return 0
    used = text.first(*names.USED)
    if not 0 < used <= experts:
        raise BadConfig(f"`{text.where}num_experts_per_tok` is not between 1 and {experts}")
    return used


def _tied(top: Fields, text: Fields, kind: str) -> bool:
    """Whether the head is the embedding: stated in either place, else the class default.

    Classes that wrap a Qwen or Mistral model read the outer key, the others the inner one
    (transformers, `tie_word_embeddings` of the composed configs).
    """
    outer = top.data.get("tie_word_embeddings")
    inner = text.data.get("tie_word_embeddings")
    if outer is not None and (inner is None or kind.startswith(("qwen", "mistral", "ministral"))):
        return top.flag("tie_word_embeddings")
    if inner is not None:
        return text.flag("tie_word_embeddings")
    return "tied" in TRAITS.get(kind, ()) or kind.startswith("gemma")
