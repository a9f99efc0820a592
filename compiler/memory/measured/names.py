"""From the model of a report, in its own words, to a model of the catalogue and a precision."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache

from servec.dsl.record import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.model import Model, Quant

TWINS = {
    "metallama38b": "llama-3.1-8b",
    "llama38b": "llama-3.1-8b",
    "metallama370b": "llama-3.1-70b",
    "llama370b": "llama-3.1-70b",
    "deepseekr1distillqwen15b": "qwen2.5-1.5b",
    "deepseekr1distillqwen14b": "qwen2.5-14b",
    "deepseekr115b": "qwen2.5-1.5b",
    "deepseekr17b": "qwen2.5-7b",
    "deepseekr18b": "llama-3.1-8b",
    "deepseekr114b": "qwen2.5-14b",
    "deepseekr132b": "qwen2.5-32b",
    "deepseekr170b": "llama-3.1-70b",
    "qwen25math15b": "qwen2.5-1.5b",
    "qwen25math7b": "qwen2.5-7b",
    "qwen272b": "qwen2.5-72b",
    "llama31nemotron70b": "llama-3.1-70b",
    "qwen25coder14b": "qwen2.5-14b",
    "qwen25coder3b": "qwen2.5-3b",
    "qwen25coder15b": "qwen2.5-1.5b",
    "qwen3827b": "qwen3.6-27b",
    "deepseekcoderv2lite": "deepseek-v2-lite",
    "yi34b": "dphn/dolphin-2.9.1-yi-1.5-34b",
    "yi1534b": "dphn/dolphin-2.9.1-yi-1.5-34b",
    "vicuna7b": "meta-llama/Llama-2-7b-hf",
    "vicuna13b": "llama-2-13b",
    "llama13b": "llama-2-13b",
    "llama7b": "meta-llama/Llama-2-7b-hf",
    "phi35mini": "microsoft/Phi-3-mini-128k-instruct",
    "mistralsmall3124b": "mistralai/Mistral-Small-3.2-24B-Instruct-2506",
}
"""Models with the layers, widths and vocabulary of another one (their config.json; contexts and
weights differ, which a sum of memory does not see). Qwen3.8-27B: a log has 7.08 GiB of FP8 cache
for 1.70 sequences of 131072 tokens, and 14.26 GiB of 4-bit weights, as the one before it."""

DRESS = re.compile(
    r"[-_ .:]?(ud|autoround|instruct|chat|it|hf|gguf|mlx|dwq|qat|dynamic|static|awq|gptq|marlin|"
    r"bnb|nvfp4|mxfp[48]|fp4|fp8|fp16|bf16|f16|int[348]|[2345678][- ]?bits?|w4a16|w8a8|w4a8|base|"
    r"preview|quantized|i?q[1-8](_[a-z0-9]+)*|x?xl|\d{4}|v\d+(\.\d+)?)$",
    re.IGNORECASE,
)
"""What names of checkpoints carry behind the name of the model."""
DRAFTED = re.compile(r"eagle|draft|dflash|medusa|reward|embed|rerank|pruned|lora", re.IGNORECASE)
"""Words of names whose model is not the one they end with."""

WORDS = (
    ("fp8", r"fp8"),
    ("nvfp4", r"nvfp4|fp4\b"),
    ("mxfp4", r"mxfp4"),
    ("awq", r"awq"),
    ("w4a16", r"int4|gptq|4[ -]?bit|w4a16"),
    ("int8_w8a8", r"int8|w8a8|8[ -]?bit"),
    ("bf16", r"bf16|fp16|f16|16[ -]?bit"),
)
MIXED = re.compile(r"mixed|\bud\b|ud-|-ud|\+|fp4\+fp8|not named", re.IGNORECASE)
"""Precisions of a report that do not say what each part of the model is stored in."""
USUAL = {"fp8-dynamic": "fp8_per_channel", "awq": "awq", "gptq": "gptq", "int8": "int8_w8a8"}
"""What the usual quantiser of a word makes of a dense model: all matrices but the head (AutoAWQ,
GPTQModel and llm-compressor by default)."""
PLAIN_ERROR, MIXED_ERROR = 0.15, 0.8
"""Spread of such checkpoints: Qwen3.6-27B as `4bit-ud` takes 26.7 GB, 1.73 of plain 4 bit."""
FILE_TYPE = re.compile(r"^(i?q\d_[a-z0-9_]+|f16|bf16|f32)$", re.IGNORECASE)


def named_model(text: str) -> Model | None:
    """The catalogue's model of that name, or the one it is a quantisation or twin of."""
    from servec.compiler.catalogue.models import find_model, original

    if "not named" in text.lower() or not text:
        return None
    exact = original(text)
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
            return _tuned(bare, known)
        bare = shorter
    return None


def _tuned(text: str, known: dict[str, str]) -> Model | None:
    """The model that a fine-tune's name ends with: `Hermes-3-Llama-3.1-8B`."""
    from servec.compiler.catalogue.models import find_model

    if DRAFTED.search(text):
        return None
    parts = text.split("-")
    for first in range(1, len(parts) - 1):
        key = _letters("-".join(parts[first:]))
        name = TWINS.get(key) or known.get(key)
        if name and re.search(r"\d+(?:\.\d+)?[bm]", key):
            return find_model(name)
    return None


def stored(model: Model, name: str, precision: str, runtime: str) -> Quant | str:
    """How the report's checkpoint is stored, or why that is not known, in a few words."""
    from servec.compiler.memory.served import quant_as

    text = f"{precision} {name}".lower()
    own = model.quant
    twin = _letters(name).replace("meta", "") == _letters(model.id).replace("meta", "")
    if (twin or name == model.name) and own.weights in ("fp8", "nvfp4", "mxfp4", "awq", "gptq"):
        return own
    files = runtime == "llamacpp" or not precision.strip().lower().endswith(("f16", "f32"))
    if precision and files and FILE_TYPE.match(precision.strip()):
        return quant_as(model, precision.strip().lower())
    if MIXED.search(precision) or re.search(r"\bud\b|-ud-", text):
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
    if "mxfp4" in text and re.search(r"q8", text) and model.quant.scheme == "mxfp4":
        eight = {part: Fraction(17, 2) for part in ("embed", "head", "attention", "router")}
        return replace(model.quant, part_bits={**model.quant.part_bits, **eight})
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
    from servec.compiler.memory.served import quant_as

    if word == "fp8" and owner == model.id.partition("/")[0].lower():
        return quant_as(model, "fp8_block128")
    usual = USUAL.get("fp8-dynamic" if re.search(r"fp8[-_]dynamic", name.lower()) else word)
    if usual and _plain(model):
        return quant_as(model, usual)
    return f"the catalogue has no `{name}`: which layers it quantises is not known"


def _plain(model: Model) -> bool:
    """Whether all quantisers treat the model alike: dense, of text, attention in each layer."""
    mixers = {group.attention.kind for group in model.groups}
    return (
        not model.experts and set(model.modalities) == {"text"} and mixers <= {"full", "window"}
        and model.quant.method == "none"
    )  # fmt: skip


@lru_cache(maxsize=1)
def _known() -> dict[str, str]:
    """Names of the catalogue by their letters and digits, without publisher, dressed and bare."""
    from servec.compiler.catalogue.models import find_model, index

    found: dict[str, str] = {}
    bare: dict[str, str] = {}
    for name in sorted(index(), reverse=True):
        last = name.rpartition("/")[2]
        found[_letters(last)] = name
        model = find_model(name)
        if model is None or model.quant.method != "none":
            continue
        while (shorter := DRESS.sub("", last)) != last:
            last = shorter
            bare[_letters(last)] = name
    return bare | found


def _letters(text: str) -> str:
    return re.sub(r"[^a-z0-9.]", "", text.lower()).replace(".", "")
