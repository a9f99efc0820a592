"""An engine's command as the fields of its arguments, for a server that runs the engine inside."""

from __future__ import annotations

import json

from servec.compiler.options.argv import read
from servec.dsl.whole import whole
from servec.targets.shared.table import load_table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from servec.compiler.options.table import Option


def engine_arguments(
    runtime: str,
    version: str,
    words: Sequence[str],
    without: Sequence[str],
    fields: Mapping[str, str] = {},
) -> tuple[str, dict[str, Any]]:
    """The model that a command names, and its options by field; `words` follow the program's.

    `without`: options that have no field, by the names of the table; `fields`: the field of an
    option whose name is another.
    """
    line = read(load_table(runtime, version), words)
    found: dict[str, Any] = {}
    for argument in line.arguments:
        option = argument.option
        if option is None or option.name in without:
            continue
        name = fields.get(option.name, option.name.replace("-", "_"))
        if option.boolean:
            found[name] = argument.sets
        elif option.arity in ("+", "*"):
            found[name] = [typed(option, word) for word in argument.values]
        else:
            found[name] = typed(option, argument.values[0])
    return (line.positional[0] if line.positional else ""), found


def typed(option: Option, word: str) -> Any:
    """One word of a command as JSON."""
    counted = option.type in ("int", "size") or bool(
        option.choices and all(isinstance(choice, int) for choice in option.choices)
    )
    if counted:
        number = whole(word.removeprefix("-"))
        return word if number is None else -number if word.startswith("-") else number
    if option.type == "float":
        return float(word)
    structured = option.type in ("json", "object", "mixed") and word[:1] in ("{", "[")
    return json.loads(word) if structured else word
