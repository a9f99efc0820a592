"""The words of one option as a typed value."""

from __future__ import annotations

import re
from fractions import Fraction

from servec.compiler.options.fields import read_json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from servec.compiler.options.argv import Argument
    from servec.compiler.options.table import Option

NUMBER = re.compile(r"[+-]?(\d{1,30}\.?\d{0,30}|\.\d{1,30})([eE][+-]?\d{1,2})?")
SIZE = re.compile(r"(\d{1,18}(?:\.\d{1,9})?)([kKmMgGtT])")
SCALES = {letter: (1000 ** (at + 1), 1024 ** (at + 1)) for at, letter in enumerate("kmgt")}
JSON = ("json", "object", "mixed")


def typed(option: Option, argument: Argument) -> Any:
    """A boolean, int, fraction, text, list or mapping; a text where the words do not fit the type.

    What does not fit is a finding of its own (`command_troubles`), so nothing is lost here.
    """
    if option.boolean:
        off = bool(argument.values) and argument.values[0].lower() in ("false", "0", "no", "off")
        return argument.sets is not off
    if argument.path:
        return _dotted(argument)
    values = argument.values
    if option.arity == "?" and not values:
        return True
    if option.arity in ("1", "?"):
        return single(option, values[0] if values else "")
    return [single(option, value) for value in values]


def single(option: Option, text: str) -> Any:
    """One word of an option, by the option's type."""
    if option.type in JSON:
        held, wrong = read_json(option.type, text)
        return text if wrong else exact(held)
    if option.form == "whole" and option.type == "int":
        from servec.compiler.options.forms import number_of

        found = number_of(option, text)
        return text if found is None else found
    if option.type == "bool" and text.lower() in ("true", "false"):
        return text.lower() == "true"
    if option.type == "size" and SIZE.fullmatch(text):
        return _size(text)
    if option.type in ("int", "size", "float") and NUMBER.fullmatch(text):
        return number(text)
    return text


def number(text: str) -> int | Fraction:
    """A decimal word as an exact number."""
    found = Fraction(text)
    return int(found) if found.denominator == 1 and "." not in text else found


def exact(value: Any) -> Any:
    """A JSON value with its floats exact."""
    if isinstance(value, float):
        text = repr(value)
        return Fraction(text) if NUMBER.fullmatch(text) else text
    if isinstance(value, dict):
        return {key: exact(item) for key, item in value.items()}
    return [exact(item) for item in value] if isinstance(value, list) else value


def _size(text: str) -> int:
    """`8k` is 8000, `8K` 8192 (vllm 0.33.0 engine/arg_utils.py human_readable_int)."""
    found = SIZE.fullmatch(text)
    assert found
    scale = SCALES[found[2].lower()][found[2].isupper()]
    return int(Fraction(found[1]) * scale)


def _dotted(argument: Argument) -> Any:
    text = " ".join(argument.values)
    held, wrong = read_json("json", text)
    value = text if wrong else exact(held)
    *outer, last = argument.path
    if last.endswith("+"):
        last, value = last[:-1], value if isinstance(value, list) else [value]
    made: Any = {last: value}
    for name in reversed(outer):
        made = {name: made}
    return made
