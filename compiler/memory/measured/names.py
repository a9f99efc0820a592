"""From the model of a report, in its own words, to a model of the catalogue and a precision."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.model import Model, Quant

TWINS = {
    "metallama38b": "llama-3.1-8b",
    "llama38b": "llama-3.1-8b",
    "metallama38binstruct": "llama-3.1-8b",
    "metallama370b": "llama-3.1-70b",
    "deepseekr1distillqwen14b": "qwen2.5-14b",
    "deepseekr1distillqwen7b": "qwen2.5-7b",
    "deepseekr1distillqwen15b": "qwen2.5-1.5b",
}
"""Models with the layers, widths and vocabulary of another one (their config.json; contexts and
weights differ, which a sum of memory does not see)."""

DRESS = re.compile(
    r"[-_ .]?(ud|autoround|instruct|chat|it|hf|gguf|mlx|dwq|dynamic|static|awq|gptq|nvfp4|mxfp4|"
    r"fp8|fp16|bf16|int4|int8|[34568]bit|w4a16|w8a8|base|preview|\d{4})$",
    re.IGNORECASE,
)
"""What names of checkpoints carry behind the name of the model."""

WORDS = (
    ("fp8", r"fp8"),
    ("nvfp4", r"nvfp4|fp4\b"),
    ("mxfp4", r"mxfp4"),
    ("awq", r"awq"),
    ("w4a16", r"int4|gptq|4[ -]?bit|w4a16"),
    ("int8_w8a8", r"int8|w8a8|8[ -]?bit"),
    ("bf16", r"bf16|fp16|f16|16[ -]?bit"),
)
MIXED = re.compile(r"mixed|\bud\b|ud-|-ud|dwq|\+|fp4\+fp8|not named", re.IGNORECASE)
"""Precisions of a report that do not say what each part of the model is stored in."""
PLAIN_ERROR, MIXED_ERROR = 0.15, 0.8
"""Spread of such checkpoints: Qwen3.6-27B as `4bit-ud` takes 26.7 GB, 1.73 of plain 4 bit."""
FILE_TYPE = re.compile(r"^(i?q\d_[a-z0-9_]+|f16|bf16|f32)$", re.IGNORECASE)


def named_model(text: str) -> Model | None:
    """The catalogue's model of that name, or the one it is a quantisation or twin of."""
    from servec.compiler.catalogue.models import find_model

    if "not named" in text.lower() or not text:
        return None
    exact = find_model(text)
    if exact is not None:
        return exact
    bare = re.sub(r"\s*\(.*\)$", "", text).rpartition("/")[2].strip()
    known = _known()
    while bare:
        key = _letters(bare)
        name = TWINS.get(key) or known.get(key) or known.get(key.removeprefix("meta"))
        if name:
            return find_model(name)
        shorter = DRESS.sub("", bare)
        if shorter == bare:
            return None
        bare = shorter
    return None


def stored(model: Model, name: str, precision: str, runtime: str) -> Quant | str:
    """How the report's checkpoint is stored, or why that is not known, in a few words."""
    from servec.compiler.memory.served import quant_as

    text = f"{precision} {name}".lower()
    own = model.quant
    twin = _letters(name).replace("meta", "") == _letters(model.id).replace("meta", "")
    if (twin or name == model.name) and own.weights in ("fp8", "nvfp4", "mxfp4", "awq", "gptq"):
        return own
    if precision and FILE_TYPE.match(precision.strip()):
        return quant_as(model, precision.strip().lower())
    if MIXED.search(precision) or re.search(r"\bud\b|-ud-|dwq", text):
        return _unstated(model, name, precision)
    scheme = next((word for word, pattern in WORDS if re.search(pattern, text)), "")
    if runtime == "mlx":
        return _mlx(model, text)
    if not scheme:
        return "the precision is not named"
    word = {"w4a16": "gptq", "int8_w8a8": "int8"}.get(scheme, scheme)
    if own.weights == word or (scheme == "bf16" and own.weights in ("bf16", "fp16")):
        return own
    return _variant(model, name, word)


def guessed(model: Model, name: str, precision: str) -> tuple[Quant, float] | None:
    """About how a checkpoint is stored that the catalogue lacks, and the error as a share.

    A plain scheme may leave some layers in 16 bit; a mix of schemes is known by its fewest bits.
    """
    from servec.compiler.memory.served import quant_as

    text = f"{precision} {name}".lower()
    if "not named" in precision and not MIXED.search(name):
        return None
    mixed = MIXED.search(precision) or MIXED.search(name)
    scheme = next((word for word, pattern in WORDS if re.search(pattern, text)), "")
    if scheme and not mixed:
        return quant_as(model, {"fp8": "fp8_per_tensor"}.get(scheme, scheme)), PLAIN_ERROR
    bits = re.search(r"(?:\bi?q|-q)?([2-8])[ _-]?(?:bit|k|_)", text)
    return (quant_as(model, f"mlx{bits[1]}"), MIXED_ERROR) if bits else None


def _unstated(model: Model, name: str, precision: str) -> Quant | str:
    """A checkpoint known by its own name needs no precision; any other is not known well enough."""
    if name in (model.id, model.name) and "not named" in precision:
        return model.quant
    return "what each part is stored in is not named"


def _mlx(model: Model, text: str) -> Quant | str:
    from servec.compiler.memory.served import quant_as

    found = re.search(r"([3-8])[ -]?bit", text)
    if not found:
        return "the precision is not named" if "16" not in text else model.quant
    return quant_as(model, f"mlx{found[1]}")


def _variant(model: Model, name: str, word: str) -> Quant | str:
    """The precision of the catalogue's own checkpoint, if the report's has the same publisher.

    Others leave other layers in 16 bit, which a name does not tell.
    """
    from servec.compiler.catalogue.models import variant

    found = variant(model, word)
    owner = name.partition("/")[0].lower()
    owners = (found.id.partition("/")[0].lower(), "") if found is not None else ()
    if found is not None and found.groups == model.groups and owner in owners:
        return found.quant
    if word == "fp8" and owner == model.id.partition("/")[0].lower():
        from servec.compiler.memory.served import quant_as

        return quant_as(model, "fp8_block128")
    return f"the catalogue has no `{name}`: which layers it quantises is not known"


def _known() -> dict[str, str]:
    """Names of the catalogue by their letters and digits, without publisher."""
    from servec.compiler.catalogue.models import index

    return {_letters(name.rpartition("/")[2]): name for name in sorted(index(), reverse=True)}


def _letters(text: str) -> str:
    return re.sub(r"[^a-z0-9.]", "", text.lower()).replace(".", "")
