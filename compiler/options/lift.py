"""What the native options of an `on` block say of portable fields, said as fields.

The plan takes their values (language reference, `on`), so they are laid into the spec before it is
planned; the option itself still stands in the command.
"""

from __future__ import annotations

from fractions import Fraction

from servec.dsl.record import replace
from servec.dsl.spec import Bound, Setting

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from servec.compiler.options.context import Portable
    from servec.compiler.options.meaning import Meaning
    from servec.compiler.options.table import OptionTable
    from servec.dsl.spec import NativeOption, OnBlock, Spec


def lift(spec: Spec, on: OnBlock, table: OptionTable, portable: Portable) -> Spec:
    """`spec` with a pin for every field that an option of `on` says and the spec does not pin."""
    from servec.compiler.options.meaning import meanings
    from servec.compiler.options.words import meant

    pins: dict[str, Setting] = {}
    known = portable.options()
    for native in on.options:
        found = table.find(native.name)
        if found is None or found[0].name not in known:
            continue
        value = meant(native, *found)
        for meaning in meanings(portable, found[0].name, value):
            for path, said in _values(spec, meaning):
                pins.setdefault(path, Setting(eq=_bound(native, said)))
    fresh = {path: pin for path, pin in pins.items() if spec.pin(path) is None}
    return replace(spec, settings={**spec.settings, **fresh}) if fresh else spec


def _values(spec: Spec, meaning: Meaning) -> list[tuple[str, Any]]:
    """The fields and values that a meaning stands for; a product goes to its first factor."""
    if meaning.value is None or isinstance(meaning.value, (dict, list)):
        return []
    if not meaning.factors:
        return [(meaning.path, meaning.value)] if _holds(meaning.path, meaning.value) else []
    if not isinstance(meaning.value, int) or meaning.value < 1:
        return []
    first, *rest = meaning.factors
    others = [spec.whole(path) or 1 for path in rest]
    share = Fraction(meaning.value)
    for number in others:
        share /= number
    if meaning.path != first or share.denominator != 1:
        return []
    return [(first, int(share)), *zip(rest, others, strict=True)]


def _holds(path: str, value: Any) -> bool:
    """Whether a field can have a value: a text (`max-model-len = auto`) is no number of tokens."""
    from servec.dsl.schema.language import field

    known = field("deployment", path)
    if known is None:
        return not isinstance(value, str)
    if isinstance(value, str):
        return bool({"word", "string"} & {*known.kinds})
    counted = bool({"whole", "tokens"} & {*known.kinds})
    if isinstance(value, bool) or not counted or not isinstance(value, (int, Fraction)):
        return not isinstance(value, bool) or "boolean" in known.kinds
    return value > 0 and Fraction(value).denominator == 1


def _bound(native: NativeOption, value: Any) -> Bound:
    span = native.value_span or native.span
    return Bound("=", value, native.text, native.span, native.name_span, span)
