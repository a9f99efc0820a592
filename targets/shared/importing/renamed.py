"""Options under the name that takes the place of an old one which means the same."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from servec.compiler.options.table import Option, OptionTable


def renamed(table: OptionTable, options: Mapping[str, Any]) -> dict[str, Any]:
    """The options, deprecated ones by the one name that the runtime gives for them.

    Only where both hold the same kind of value: what takes the place of a switch may be a word.
    """
    return {_name(table, name, options): value for name, value in options.items()}


def _name(table: OptionTable, name: str, options: Mapping[str, Any]) -> str:
    old = table.option(name)
    if old is None or not old.deprecated or len(old.use) != 1:
        return name
    new = table.option(old.use[0])
    if new is None or new.name in options or _kind(new) != _kind(old):
        return name
    return new.name


def _kind(option: Option) -> tuple[Any, ...]:
    return option.type, option.arity, option.boolean, bool(option.choices)
