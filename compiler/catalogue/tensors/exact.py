"""A model whose parts take the bytes that the tensors of its files have."""

from __future__ import annotations

from fractions import Fraction

from servec.compiler.catalogue.sums import part_sums
from servec.compiler.catalogue.tensors.places import place_of
from servec.dsl.record import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from servec.compiler.catalogue.tensors.header import Stored
    from servec.compiler.model import Model


NEAREST = (
    ("dense", "shared"),
    ("shared", "dense"),
    ("router", "experts"),
    ("experts", "dense"),
    ("attention", "dense"),
    ("other", "attention"),
    ("other", "dense"),
    ("head", "other"),
)
"""Where the bytes of a part go that the config counts no weights of."""


def stored_bytes(tensors: Iterable[Stored], layers: int) -> dict[str, int]:
    """Bytes of each part that a runtime loads, by its key in `Quant.part_bits`."""
    found: dict[str, int] = {}
    for tensor in tensors:
        part, _ = place_of(tensor.name, layers)
        found[part] = found.get(part, 0) + tensor.bytes
    return dict(sorted(found.items()))


def exact(model: Model, stored: Mapping[str, int]) -> Model:
    """`model` whose parts take the bytes of `stored`.

    A head that is stored though it is the embedding's twin is not loaded. What the config does not
    count (a tower) counts as 16 bit; bytes of parts it has none of go to the nearest it has.
    """
    counted = {row.part: row.params for row in part_sums(model)}
    held = dict(stored)
    if model.tied:
        held.pop("head", None)
    bits = dict(model.quant.part_bits)
    seen = held.get("vision", 0)
    if seen and not counted.get("vision"):
        counted["vision"] = seen // 2
        model = replace(model, vision_params=seen // 2, total=model.total + seen // 2)
    for part, near in NEAREST:
        if held.get(part) and not counted.get(part) and counted.get(near):
            held[near] = held.get(near, 0) + held.pop(part)
    for part, size in held.items():
        if counted.get(part):
            each = Fraction(size * 8, counted[part])
            bits[part] = int(each) if each == int(each) else each
    quant = replace(model.quant, part_bits=bits)
    return replace(model, quant=quant, checkpoint_bytes=sum(stored.values()))
