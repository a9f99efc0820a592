"""Options that the runtime no longer has, said as it says them now."""

from __future__ import annotations

import re

from servec.dsl.record import replace
from servec.targets.shared.aside import load_successors
from servec.targets.shared.importing.said import merged
from servec.targets.shared.importing.typed import JSON, number, single

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from servec.compiler.options.context import Successor
    from servec.compiler.options.table import OptionTable
    from servec.targets.shared.importing.said import Said

PAIRS = re.compile(r"[a-z_]{1,40}=\d{1,9}(,[a-z_]{1,40}=\d{1,9}){0,9}")


def carried(table: OptionTable, said: Said) -> Said:
    """A line without the options that are gone and have an exact successor, or need none.

    What is said twice stays as the line has it. `gone` of the result tells what was done.
    """
    known = load_successors(table.runtime)
    options, gone = _as_json(table, said.options)
    unknown = []
    positional = said.positional
    for flag, values in said.unknown:
        found = known.get(flag.lstrip("-").replace("_", "-"))
        if found is not None and not positional and values and "/" in values[-1]:
            positional, values = values[-1:], values[:-1]  # the model, behind a switch
        settings = _settings(found, values) if found else None
        if found is None or settings is None or any(name in said.options for name in settings):
            unknown.append((flag, values))
            continue
        for name, value in settings.items():
            options[name] = merged(options.get(name), _value(table, name, value, values, options))
        gone.append((flag, found.note or f"{found.use} takes its place"))
    if not gone:
        return said
    told = {flag for flag, _ in gone}
    troubles = tuple(pair for pair in said.troubles if pair[0] not in told)
    done = replace(said, options=options, unknown=tuple(unknown), gone=tuple(gone))
    return replace(done, positional=positional, troubles=troubles)


def _as_json(
    table: OptionTable, options: Mapping[str, Any]
) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """Options of JSON that were once written `image=5,video=2`, as objects, and what is told.

    vllm 0.9 vllm/engine/arg_utils.py nullable_kvs: deprecated, to go in 0.10.
    """
    made, told = dict(options), []
    for name, value in options.items():
        option = table.option(name)
        json = option is not None and option.type in JSON
        if option is not None and json and PAIRS.fullmatch(str(value)):
            pairs = (part.split("=") for part in str(value).split(","))
            made[name] = {key: int(count) for key, count in pairs}
            told.append((option.long, "it takes JSON now"))
    return made, told


def _settings(found: Successor, values: Sequence[str]) -> Mapping[str, Any] | None:
    if found.words is not None:
        return found.words.get(values[0]) if len(values) == 1 else None
    return found.set


def _value(
    table: OptionTable,
    name: str,
    shape: Any,
    values: Sequence[str],
    options: Mapping[str, Any],
) -> Any:
    """What stands for a shape: `$` is the old value, `$name` that of another option."""
    if isinstance(shape, dict):
        return {key: _plain(values) if item == "$" else item for key, item in shape.items()}
    if shape == "$":
        option = table.option(name)
        if option is None or not values:
            return True
        made = [single(option, value) for value in values]
        return made if option.arity in ("+", "*") else made[0]
    if isinstance(shape, str) and shape.startswith("$"):
        return options.get(shape[1:], 1)
    return shape


def _plain(values: Sequence[str]) -> Any:
    """A word as a number or a switch where it is one."""
    text = " ".join(values)
    if not text or text.lower() in ("true", "false"):
        return text.lower() != "false"
    return number(text) if re.fullmatch(r"\d{1,12}(\.\d{1,6})?", text) else text
