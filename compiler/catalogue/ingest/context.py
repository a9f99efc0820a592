"""How many tokens a model takes, and by which scaling of positions."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.catalogue.ingest.fields import Fields
    from servec.compiler.catalogue.ingest.shape import Shape

KEYS = (
    "max_position_embeddings",
    "n_positions",
    "max_seq_len",
    "max_sequence_length",
    "seq_length",
    "model_max_length",
    "max_target_positions",
)
STATED_LENGTH = ("cohere", "cohere2")
"""Classes whose `model_max_length` is the length, whatever their positions are."""
PLAIN = ("", "default", "mrope", "proportional")


def places(shape: Shape) -> int:
    """Learned positions, or 0: what a config states before any scaling."""
    return shape.text.first(*KEYS) or shape.top.first(*KEYS)


def max_context(shape: Shape) -> tuple[int, str]:
    """Tokens (0 not known), and the kind of scaling ("" none), as vLLM 0.33.0 derives them.

    yarn: original length x factor. linear, dynamic: stated length x factor, but not for Gemma 3,
    which states the result. llama3 and longrope: the stated length
    (vllm/config/model.py, `_get_and_verify_max_len`).
    """
    text = shape.text
    longest = places(shape)
    if shape.model_type in STATED_LENGTH:
        longest = text.whole("model_max_length") or longest
    rope = _scaling(text) or _scaling(shape.top)
    kind = "" if rope is None else rope.word("rope_type") or rope.word("type")
    if rope is None or kind in PLAIN:
        return longest, ""
    factor = min(max(rope.number("factor", 1.0), 1.0), 1e4)
    if kind == "yarn":
        longest = int((rope.whole("original_max_position_embeddings") or longest) * factor)
    elif kind in ("linear", "dynamic") and not shape.model_type.startswith("gemma3"):
        longest = int(longest * factor)
    return longest, kind


def _scaling(fields: Fields) -> Fields | None:
    """The scaling of the full-attention layers, where a config has one for each kind of layer."""
    for key in ("rope_scaling", "rope_parameters"):
        if isinstance(fields.data.get(key), dict):
            found = fields.sub(key)
            inner = found.data.get("full_attention")
            return found.sub("full_attention") if isinstance(inner, dict) else found
    return None
