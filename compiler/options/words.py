"""The words of a command line that set a native option of an `on` block."""

from __future__ import annotations

import json
from fractions import Fraction

from servec.compiler.options.values import written

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from servec.compiler.options.table import Option, OptionTable
    from servec.dsl.spec import NativeOption


def native_words(table: OptionTable, native: NativeOption) -> tuple[str, ...]:
    """The words for one statement of an `on` block; empty where the option is unknown.

    A flag that is false is left out; a switch that is false is written by the flag that unsets it.
    """
    found = table.find(native.name)
    if found is None:
        return ()
    option, sets = found
    value: object = json_of(native) if native.children else native.value
    if isinstance(value, bool) and not sets:
        value = not value
    return option_words(option, value)


def option_words(option: Option, value: object) -> tuple[str, ...]:
    """The words that give `option` this value: a scalar, a tuple, or JSON as a mapping."""
    if option.boolean:
        if value is False:
            return option.off[:1]
        return (option.long,)
    if option.arity == "?" and value is True:
        return (option.long,)
    if option.type in ("json", "object", "mixed") and not isinstance(value, str):
        return (option.long, json.dumps(plain_json(value), sort_keys=True))
    if isinstance(value, tuple):
        items = [written(item) for item in value]
        if option.repeat:
            return tuple(word for item in items for word in (option.long, item))
        return (option.long, *items)
    return (option.long, written(value))


def json_of(native: NativeOption) -> Any:
    """What a nested block stands for as JSON; names with `_`, as configuration classes write them.

    Numbers stay exact.
    """
    if not native.children:
        return native.value
    return {child.name.replace("-", "_"): json_of(child) for child in native.children}


def plain_json(value: Any) -> Any:
    """The value with fractions as JSON numbers."""
    if isinstance(value, dict):
        return {name: plain_json(inner) for name, inner in value.items()}
    if isinstance(value, (tuple, list)):
        return [plain_json(inner) for inner in value]
    if isinstance(value, Fraction):
        return value.numerator if value.denominator == 1 else float(value)
    return value
