"""Why a field refuses a value: finds the guilty part and the rule that names the mistake."""

from __future__ import annotations

from servec.dsl.checks import (
    srv110_type,
    srv111_other_unit,
    srv112_no_unit,
    srv113_unknown_unit,
    srv114_value,
)
from servec.dsl.diagnostic import Span
from servec.dsl.free import free_value
from servec.dsl.kinds import unit_kinds
from servec.dsl.record import replace
from servec.dsl.refused import Refused
from servec.dsl.schema.field import make_field
from servec.dsl.tree import Count, Items, Number, Reference, Word
from servec.dsl.units import COUNTED, UNITS, WHOLE, exact, multiplier, unit_kind
from servec.dsl.values import in_range, read_value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.dsl import tree
    from servec.dsl.diagnostic import Diagnostic
    from servec.dsl.reader import Reader
    from servec.dsl.schema.field import Field
    from servec.dsl.scope import Scope


def refusal(
    reader: Reader,
    raw: tree.Value,
    found: tuple[tree.Value, Scope],
    field: Field,
    start: int,
    name: str,
) -> Diagnostic:
    """The finding for a value that `read_value` refused; `raw` is what stands in the relation."""
    node, scope = found
    used = reader.span(raw.start, raw.end) if raw is not node else None
    name_span = Span(reader.path, start, start + len(name))
    return _value(Refused(field, name, name_span, node, scope, used))


def _value(it: Refused) -> Diagnostic:
    node = it.node
    if type(node) is Items:
        return _list(it, node)
    if it.field.many == "must":
        return srv110_type.list_needed(it)
    return _single(it)


def _list(it: Refused, node: Items) -> Diagnostic:
    if not it.field.many:
        return srv110_type.list_refused(it, node)
    single = replace(it.field, many="")
    for item in node.items:
        inner = replace(it, node=item, field=single)
        if type(item) is Reference:
            return srv110_type.reference_in_list(inner)
        if type(item) is Items:
            return srv110_type.list_in_list(inner)
        if type(item) is not type(node.items[0]):
            return srv110_type.mixed_list(inner)
        if read_value(item, single) is None:
            return _single(inner)
    return srv110_type.wrong_type(it)


def _single(it: Refused) -> Diagnostic:
    node, kinds = it.node, it.field.kinds
    if type(node) is Number:
        return _number(it, node)
    if type(node) is Word and "boolean" in kinds:
        return srv114_value.not_boolean(it)
    if type(node) is Word and "word" in kinds and "count" not in kinds:
        return srv114_value.not_a_choice(it)
    if type(node) is Count and "count" in kinds:
        return srv114_value.bad_count(it, node)
    return srv110_type.wrong_type(it)


def _number(it: Refused, node: Number) -> Diagnostic:
    plain = [kind for kind in it.field.kinds if kind in ("whole", "decimal")]
    units = unit_kinds(it.field)
    if not plain and not units:
        return srv110_type.wrong_type(it)
    if not node.unit and not plain:
        return srv112_no_unit.unit_missing(it, node)
    kind = unit_kind(node.unit) if node.unit else plain[0]
    if not kind:
        return srv113_unknown_unit.unknown_unit(it, node)
    if kind not in it.field.kinds:
        return srv111_other_unit.other_unit(it, node, kind)
    return _amount(it, node, kind)


def _amount(it: Refused, node: Number, kind: str) -> Diagnostic:
    """A number of the right kind that is not written well or lies outside the range."""
    if kind not in COUNTED and multiplier(node.number):
        return srv110_type.multiplier_refused(it, node, kind)
    value = exact(node.number, UNITS.get(kind, {}).get(node.unit, (1, 1)))
    if value is None:
        return srv114_value.too_many_digits(it)
    if kind in WHOLE and value.denominator != 1:
        return srv110_type.not_whole(it)
    assert not in_range(value, kind, it.field)
    return srv114_value.out_of_range(it, value, kind)


ANYTHING = make_field("", {"type": "word|string|whole|decimal|boolean", "doc": "", "list": "may"})


def free_refusal(
    reader: Reader, raw: tree.Value, found: tuple[tree.Value, Scope], name: str
) -> Diagnostic:
    """The finding for a value that no field types and that cannot be read as it stands."""
    node, scope = found
    used = reader.span(raw.start, raw.end) if raw is not node else None
    it = Refused(ANYTHING, name, reader.span(raw.start, raw.end), node, scope, used)
    return _free(it)


def _free(it: Refused) -> Diagnostic:
    node = it.node
    if type(node) is Items:
        for item in node.items:
            inner = replace(it, node=item)
            if type(item) is not type(node.items[0]):
                return srv110_type.mixed_list(inner)
            if free_value(item) is None:
                return _free(inner)
    if type(node) is Reference:
        return srv110_type.reference_in_list(it)
    if type(node) is Count:
        return srv114_value.bad_count(it, node)
    if type(node) is Number and node.unit and not unit_kind(node.unit):
        return srv113_unknown_unit.unknown_unit(it, node)
    return srv114_value.too_many_digits(it)
