"""A `Model` as JSON and back: what a command reads instead of counting a config again.

`facts/derived/` holds one file for each entry, written by the same code that reads a config given
by a path; a test compares each of them with what its entry gives.
"""

from __future__ import annotations

from fractions import Fraction

from servec.compiler.model import Attention, Ffn, LayerGroup, Model, Quant

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def encoded(value: Any) -> Any:
    """Records as objects of what differs from the defaults; fractions as `a/b`; sets in order."""
    if hasattr(value, "__record_defaults__"):
        defaults = value.__record_defaults__
        pairs = ((name, getattr(value, name)) for name in value.__match_args__)
        return {
            name: _indices(held) if name == "indices" else encoded(held)
            for name, held in pairs
            if name not in defaults or defaults[name] != held
        }
    if isinstance(value, Fraction):
        return int(value) if value.denominator == 1 else f"{value.numerator}/{value.denominator}"
    if isinstance(value, (tuple, list)):
        return [encoded(item) for item in value]
    if isinstance(value, frozenset):
        return sorted(value)
    return {key: encoded(held) for key, held in value.items()} if isinstance(value, dict) else value


def decoded(data: dict[str, Any]) -> Model:
    """The model that `encoded` wrote."""
    row = dict(data)
    row["groups"] = tuple(_group(item) for item in row["groups"])
    row["quant"] = _quant(row["quant"])
    for name in ("modalities", "notes"):
        if name in row:
            row[name] = tuple(row[name])
    return Model(**row)


def _group(data: dict[str, Any]) -> LayerGroup:
    row = dict(data)
    attention = dict(row["attention"])
    for name in ("kv_elements", "index_elements"):
        if isinstance(attention.get(name), str):
            attention[name] = Fraction(attention[name])
    row["attention"] = Attention(**attention)
    row["ffn"] = Ffn(**row["ffn"])
    found = row["indices"]
    row["indices"] = tuple(range(*found["range"]) if isinstance(found, dict) else found)
    return LayerGroup(**row)


def _quant(data: dict[str, Any]) -> Quant:
    row = dict(data)
    for name in ("bits", "expert_bits"):
        if isinstance(row.get(name), str):
            row[name] = Fraction(row[name])
    if "part_bits" in row:
        row["part_bits"] = {
            part: Fraction(bits) if isinstance(bits, str) else bits
            for part, bits in row["part_bits"].items()
        }
    if "kept" in row:
        row["kept"] = frozenset(row["kept"])
    for name in ("block", "schemes"):
        if name in row:
            row[name] = tuple(row[name])
    return Quant(**row)


def _indices(held: tuple[int, ...]) -> Any:
    """Layers in even steps as a range, others as a list."""
    step = held[1] - held[0] if len(held) > 1 else 1
    even = range(held[0], held[0] + step * len(held), step)
    return {"range": [even.start, even.stop, step]} if tuple(even) == held else list(held)
