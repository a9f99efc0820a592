"""What is wrong with a command line, by an option table: what the runtime's parser would refuse."""

from __future__ import annotations

from servec.compiler.options.argv import read
from servec.compiler.options.fields import field_troubles, read_json
from servec.compiler.options.values import Trouble, trouble

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from servec.compiler.options.argv import Argument
    from servec.compiler.options.table import OptionTable


def command_troubles(
    table: OptionTable, words: Sequence[str]
) -> tuple[tuple[Argument, Trouble], ...]:
    """Every option of `words` (behind the program's own) that would be refused, and why."""
    found = []
    arguments = read(table, words).arguments
    said = {argument.option.name for argument in arguments if argument.option}
    for argument in arguments:
        if argument.option is None:
            found.append((argument, Trouble("unknown option")))
            continue
        wrong = argument_trouble(table, argument)
        if wrong and not (wrong.known and argument.option.plugin in said):
            found.append((argument, wrong))
    return tuple(found)


def argument_trouble(table: OptionTable, argument: Argument) -> Trouble | None:
    """What is wrong with the words of one known option."""
    option = argument.option
    assert option is not None
    if argument.missing:
        return Trouble("its value is missing")
    if option.boolean:
        return Trouble("it takes no value") if argument.values else None
    if argument.path:
        return _dotted(table, argument)
    if option.arity == "?" and not argument.values:
        return None
    many = option.arity in ("+", "*") or len(argument.values) != 1
    value: object = argument.values if many else argument.values[0]
    found = trouble(option, value, table.values)
    if found or option.type not in ("json", "object", "mixed"):
        return found
    held, _ = read_json(option.type, str(value))
    rows = table.fields(option.name)
    if not rows or not isinstance(held, dict):
        return None
    return next(field_troubles(rows, held), None)


def _dotted(table: OptionTable, argument: Argument) -> Trouble | None:
    """A field given by a dotted flag; its value is JSON where it reads as such."""
    assert argument.option is not None
    rows = table.fields(argument.option.name)
    if not rows:
        return None
    text = " ".join(argument.values)
    held, wrong = read_json("json", text)
    value: Any = text if wrong else held
    for name in reversed([part.rstrip("+") for part in argument.path]):
        value = {name: value}
    return next(field_troubles(rows, value), None)
