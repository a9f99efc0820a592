"""How a checkpoint stores its weights, wherever it says so."""

from __future__ import annotations

from servec.compiler.catalogue import precision
from servec.compiler.catalogue.ingest.bits import Rules, part_bits
from servec.compiler.catalogue.ingest.spelling import Spelled, spelled
from servec.compiler.model import Quant

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from fractions import Fraction

    from servec.compiler.catalogue.ingest.groups import Built
    from servec.compiler.catalogue.ingest.shape import Shape
    from servec.compiler.catalogue.ingest.tally import Tally

ALWAYS_KEPT = frozenset({"embed", "router", "vision"})
"""No published format quantises these (GGUF and MLX apart, which have no such lists)."""
PARTS = ("attention", "dense", "experts", "shared", "mtp")


def read_quant(
    shape: Shape,
    quant_config: Mapping[str, object] | None,
    built: tuple[Built, ...],
    mtp: Tally,
) -> Quant:
    """The checkpoint's storage. `quant_config`: its hf_quant_config.json, None where it has none.

    Raises `BadConfig` for a method that is not known.
    """
    found = spelled(shape, quant_config)
    if found is None:
        return plain(shape)
    rules = Rules(found, shape.layers)
    bits = part_bits(rules, built, mtp)
    return _quant(found, bits, rules.head_is_kept)


def plain(shape: Shape) -> Quant:
    """The storage of a checkpoint that is not quantised: what its dtype says."""
    names = shape.dtypes
    name = "fp32" if "float32" in names else "fp16" if "float16" in names else "bf16"
    bits = 32 if name == "fp32" else 16
    return Quant(method="none", scheme=name, weights=name, bits=bits, schemes=(name,))


def _quant(found: Spelled, bits: dict[str, Fraction | int], head_is_kept: bool) -> Quant:
    kept = {part for part in PARTS if bits.get(part) == 16} | ALWAYS_KEPT
    if head_is_kept:
        kept.add("head")
    scheme = precision.scheme(found.scheme)
    expert = precision.scheme(found.expert_scheme)
    nominal = scheme.bits(found.group) if scheme else 16
    return Quant(
        method=found.method,
        scheme="mixed" if found.mixed else found.scheme,
        weights=precision.word_of(found.expert_scheme if found.by_experts else found.scheme),
        bits=nominal,
        block=found.block,
        group=found.group or (scheme.group if scheme and scheme.scale == "group" else 0),
        kept=frozenset(kept),
        expert_scheme=found.expert_scheme,
        expert_bits=expert.bits() if expert else 0,
        kv=found.kv,
        desc_act=found.desc_act,
        asymmetric=found.asymmetric,
        native_method=found.native,
        part_bits=bits,
        schemes=found.schemes,
    )
