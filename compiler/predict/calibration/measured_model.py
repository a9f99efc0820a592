"""Which model a file of measurements means, and how its weights were stored."""

from __future__ import annotations

from functools import lru_cache

from servec.compiler.catalogue.derived import decoded
from servec.compiler.catalogue.models import find_model, index, original, variant
from servec.compiler.catalogue.store import fact
from servec.compiler.memory.served import quant_as
from servec.compiler.predict.keys import dimensions

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.model import Model, Quant

WORDS = {
    "fp8": ("fp8",),
    "fp4": ("nvfp4", "mxfp4"),
    "nvfp4": ("nvfp4",),
    "mxfp4": ("mxfp4",),
    "int4": ("int4", "awq", "gptq"),
    "int8": ("int8",),
}
"""Words of the language that a file's word for a precision may stand for, best first."""

SCHEMES = {"fp8": "fp8_per_tensor", "fp4": "nvfp4", "int4": "w4a16", "int8": "int8_w8a8"}
"""What a precision is taken for where the catalogue has no such checkpoint of the model."""

ENDINGS = ("-nvfp4", "-fp8", "-fp4", "-awq", "-instruct", "-hf", "-base", "-it", "-chat")


def measured_model(name: str, precision: str) -> tuple[Model, Quant] | None:
    """The model of that name and the precision it was served in; None where it is not known."""
    found = named(name)
    if found is None:
        return None
    if precision == "fp8" and float(found.quant.expert_bits or found.quant.bits) < 6:
        return found, found.quant
    for word in WORDS.get(precision, ()):
        made = variant(found, word)
        if made is not None:
            return made, made.quant
        other = _twin(dimensions(found), word)
        if other is not None:
            return found, other
    if precision in ("", "bf16", "fp16", "16 bit", "BF16", "FP16", "F16"):
        plain = variant(found, "bf16") or variant(found, "fp16")
        if plain is not None:
            return plain, plain.quant
        return found, quant_as(found, "bf16")
    scheme = SCHEMES.get(precision)
    return (found, quant_as(found, scheme)) if scheme else (found, found.quant)


@lru_cache(maxsize=64)
def _twin(dims: str, word: str) -> Quant | None:
    """How a checkpoint of those dimensions is stored whose weights are `word`."""
    rows: dict[str, dict[str, list[str]]] = fact("variants")["bases"]
    for base in sorted(rows):
        if word not in rows[base]:
            continue
        other = decoded(fact("derived/" + rows[base][word][0]))
        if dimensions(other) == dims and other.quant.method != "gguf":
            return other.quant
    return None


@lru_cache(maxsize=256)
def named(name: str) -> Model | None:
    """The catalogue's model for a name as files of measurements spell it.

    The name itself; else the same name of another publisher; else with the ending that says a
    precision or a variety taken off, or put on, as dimensions do not change with it.
    """
    found = original(name)
    if found is not None:
        return found
    table = _by_base()
    base = name.rpartition("/")[2].lower()
    for spelt in _spellings(base):
        if spelt in table:
            return find_model(table[spelt])
    return None


def _spellings(base: str) -> list[str]:
    found = [base]
    short = base
    for _ in range(3):
        for ending in ENDINGS:
            if short.endswith(ending):
                short = short[: -len(ending)]
                found.append(short)
    found += [short + ending for ending in ("-instruct", "-hf", "-it")]
    found += ["meta-" + spelt for spelt in found if spelt.startswith("llama")]
    return found


@lru_cache(maxsize=1)
def _by_base() -> dict[str, str]:
    """Names without their publisher, in small letters; the first in order of the alphabet wins."""
    found: dict[str, str] = {}
    for name in sorted(index()):
        found.setdefault(name.rpartition("/")[2].lower(), name)
    return found
