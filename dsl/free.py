"""Values that no field types: native options and the arguments of a chat template."""

from __future__ import annotations

from servec.dsl.tree import Count, Items, Number, Text, Word
from servec.dsl.units import UNITS, exact, unit_kind
from servec.dsl.values import read_count

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.dsl import tree
    from servec.dsl.reader import Reader
    from servec.dsl.spec import Bound, Value
    from servec.dsl.tree import Relation

WORDS = {"true": True, "false": False}


def free_value(node: tree.Value) -> Value | None:
    """The value as it stands: a bare whole number as int, `true` and `false` as bool.

    A number with a unit is in base units. None for a reference, an unknown unit, a number of too
    many digits, and a list of several types.
    """
    if type(node) is Word:
        return WORDS.get(node.text, node.text)
    if type(node) is Text:
        return node.text
    if type(node) is Number:
        return _number(node)
    if type(node) is Items:
        return _items(node)
    return read_count(node) if type(node) is Count else None


def _number(node: Number) -> Value | None:
    if node.unit:
        factor = UNITS.get(unit_kind(node.unit), {}).get(node.unit)
        return exact(node.number, factor) if factor else None
    value = exact(node.number)
    plain = value is not None and value.denominator == 1 and "." not in node.number
    return value.numerator if plain and value is not None else value


def _items(node: Items) -> Value | None:
    if len({type(item) for item in node.items}) > 1:
        return None
    values = [free_value(item) for item in node.items]
    return None if None in values else tuple(each for each in values if each is not None)


def read_free(reader: Reader, node: Relation, path: str) -> Bound | None:
    """A pin whose value no field types. `path` is what an error leaves in doubt."""
    bound = _read(reader, node)
    if bound is None:
        reader.body.broken = True
        reader.body.doubts.add(path)
    return bound


def _read(reader: Reader, node: Relation) -> Bound | None:
    if reader.is_guessed(node.value):
        return None
    if node.op != "=":
        if reader.is_written(node):
            from servec.dsl.checks.srv109_relation import only_pins

            reader.report(only_pins(reader, node))
        return None
    found = reader.follow(node.value)
    if found is None:
        return None
    value = free_value(found[0])
    if value is None:
        from servec.dsl.refusal import free_refusal

        reader.report(free_refusal(reader, node.value, found, node.name))
        return None
    return reader.made(node, value, found)
