"""A value of the tree as a value of its field: exact, in base units, inside its range.

`read_value` only answers yes or no, so that a good spec pays for no explanation; what is wrong
with a refused one is worked out by `servec.dsl.refusal`.
"""

from __future__ import annotations

from servec.dsl.limits import MAX_DEVICES
from servec.dsl.spec import Count
from servec.dsl.tree import Count as CountNode
from servec.dsl.tree import Items, Number, Text, Word
from servec.dsl.units import COUNTED, UNITS, WHOLE, exact, multiplier

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fractions import Fraction

    from servec.dsl import tree
    from servec.dsl.schema.field import Field
    from servec.dsl.spec import Value


def read_value(node: tree.Value, field: Field) -> Value | None:
    """The value, or None where the field refuses it."""
    if type(node) is Items:
        if not field.many:
            return None
        items = [_single(item, field) for item in node.items]
        if None in items or len({type(item) for item in node.items}) > 1:
            return None
        return tuple(item for item in items if item is not None)
    if field.many == "must":
        return None
    return _single(node, field)


def _single(node: tree.Value, field: Field) -> Value | None:
    if type(node) is Number:
        return _number(node, field)
    if type(node) is Word:
        return _word(node.text, field)
    if type(node) is Text:
        return node.text if "string" in field.kinds else None
    if type(node) is CountNode and "count" in field.kinds:
        return read_count(node)
    return None


def read_count(node: CountNode) -> Count | None:
    """`kind x number` with a whole number from 1 to `MAX_DEVICES`, or None."""
    number = exact(node.number)
    if number is None or number.denominator != 1 or not 1 <= number <= MAX_DEVICES:
        return None
    return Count(node.kind, number.numerator)


def _word(text: str, field: Field) -> Value | None:
    if "boolean" in field.kinds:
        return {"true": True, "false": False}.get(text)
    if "word" not in field.kinds or ("count" in field.kinds and text != "any"):
        return None
    if field.choices and text not in field.choices:
        import re

        return text if field.pattern and re.fullmatch(field.pattern, text) else None
    return text


def _number(node: Number, field: Field) -> Value | None:
    for kind in field.kinds:
        if node.unit:
            factor = UNITS.get(kind, {}).get(node.unit)
        else:
            factor = (1, 1) if kind in ("whole", "decimal") else None
        if factor is None:
            continue
        if kind not in COUNTED and multiplier(node.number):
            return None
        value = exact(node.number, factor)
        if value is None or not in_range(value, kind, field):
            return None
        if kind in WHOLE and value.denominator != 1:
            return None
        return value.numerator if kind == "whole" else value
    return None


def in_range(value: Fraction, kind: str, field: Field) -> bool:
    """Whether a number of that kind lies within what the field accepts; shares end at 100%."""
    if field.low is not None and value < field.low:
        return False
    if field.above is not None and value <= field.above:
        return False
    high = 1 if kind == "share" else field.high
    return high is None or value <= high
