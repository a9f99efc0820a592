"""The options of an `on` block as native settings: what the escape hatch says, in table terms."""

from __future__ import annotations

from servec.compiler.options.words import json_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from servec.compiler.options.table import Option, OptionTable
    from servec.dsl.spec import NativeOption, OnBlock


def native_settings(block: OnBlock, table: OptionTable) -> dict[str, Any]:
    """Option name to value; an option that unsets another (`no-x = true`) is that other, false.

    Names are the table's. A flag that cannot be switched off is left out when it is false. What the
    table does not know is passed on as it is written: the option rules have refused it before.
    """
    made: dict[str, Any] = {}
    for option in block.options:
        found = table.find(option.name)
        if found is None:
            made[option.name.replace("_", "-")] = _value(option)
            continue
        known, sets = found
        made[known.name] = _known(option, known, sets)
    return made


def _known(option: NativeOption, known: Option, sets: bool) -> object:
    if known.boolean and isinstance(option.value, bool):
        return option.value is sets
    value = _value(option)
    if known.arity in ("+", "*") and not isinstance(value, (list, dict)):
        return [value]
    return value


def _value(option: NativeOption) -> object:
    """A nested block is a mapping, a list a list; everything else stands for itself."""
    value = json_of(option)
    return list(value) if isinstance(value, tuple) else value
