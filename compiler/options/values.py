"""Whether a value is one that an option takes, and the words by which it is passed."""

from __future__ import annotations

import re
from fractions import Fraction

from servec.dsl.record import record, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from servec.compiler.options.table import Option

_WHOLE = re.compile(r"[+-]?\d+")
_SIZE = re.compile(r"[+-]?\d+|\d+[KMGT]|\d+(\.\d+)?[kmgt]")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
KINDS = {
    "int": "a whole number",
    "size": "a whole number, which may be written 8k",
    "float": "a number",
    "bool": "true or false",
    "json": "JSON",
    "mixed": "a text or a JSON object",
    "object": "a JSON object",
    "str": "a text",
}

SPELT = (
    ("fp16", "float16", "f16", "half"),
    ("bf16", "bfloat16"),
    ("fp32", "float32", "f32", "float"),
)
"""Names of one type of numbers: a runtime takes some of them."""
UNLISTED = "it is not among the values it takes"


@record
class Trouble:
    """Why a value is refused: `text` says it, `valid` are values that are taken, if listed.

    `near` is the best guess at what was meant, "" for none; `path` the field inside a JSON value,
    `value` what stands there. `known`: the values are a set that a plug-in may add to.
    """

    text: str
    valid: tuple[str, ...] = ()
    near: str = ""
    path: tuple[str, ...] = ()
    value: str = ""
    known: bool = False


def trouble(
    option: Option, value: object, members: Callable[[str], tuple[str, ...]]
) -> Trouble | None:
    """What is wrong with `value` for `option`; None if nothing.

    `value` as the language holds it (bool, int, Fraction, str, tuple) or a word of a command line.
    `members` gives the names of a value set, () where it is unknown.
    """
    if option.boolean:
        return None if isinstance(value, bool) else Trouble("it is a switch: true or false")
    if isinstance(value, tuple) and option.type != "json":
        return _many(option, value, members)
    if option.arity not in ("1", "?", "+", "*") and option.arity != "0":
        return Trouble(f"it takes {option.arity} values")
    return _single(option, value, members)


def _many(option: Option, items: tuple[Any, ...], members: Any) -> Trouble | None:
    count = option.arity
    if count in ("1", "?") and not option.repeat:
        return Trouble("it takes one value, no list")
    if count == "+" and not items:
        return Trouble("it takes at least one value")
    if count.isdigit() and int(count) > 1 and len(items) != int(count):
        return Trouble(f"it takes {count} values")
    for item in items:
        found = _single(option, item, members)
        if found:
            return found
    return None


def _single(option: Option, value: object, members: Any) -> Trouble | None:
    if isinstance(value, bool):
        if option.type in ("bool", "json") or (option.file and option.type in ("int", "float")):
            return None
        word = "true" if value else "false"
        if option.choices and word in option.choices + option.also:
            return None
        if option.arity == "?" and value:
            return None
        return Trouble(f"it takes {_takes(option)}, and is no switch", _listed(option))
    text = written(value)
    if option.nullable and text in ("None", ""):
        return None
    if option.choices:
        return _chosen(option, text, tuple(map(str, option.choices)))
    found = _typed(option, value, text)
    if found or not option.values:
        return found
    known = members(option.values)
    wrong = _chosen(option, text, known) if known else None
    return replace(wrong, known=True) if wrong else None


def _listed(option: Option) -> tuple[str, ...]:
    return tuple(map(str, option.choices))


def _takes(option: Option) -> str:
    return "one of its values" if option.choices else KINDS[option.type]


def _chosen(option: Option, text: str, known: tuple[str, ...]) -> Trouble | None:
    """Whether a text is among the known values; folded where the runtime folds them."""
    if text in known or text in option.also:
        return None
    if option.commas and "," in text:
        wrong = (_chosen(option, part, known) for part in text.split(",") if part not in known)
        return next(filter(None, wrong), None)
    if option.fold:
        folded = fold(text)
        if any(fold(item) == folded for item in known):
            return None
    from servec.dsl.nearest import nearest

    alike = next((words for words in SPELT if fold(text) in words), ())
    near = [item for item in known if item in alike] or nearest(text, known)
    return Trouble(UNLISTED, known, near[0] if near else "")


def fold(text: str) -> str:
    """A name as runtimes compare it where they fold case and dashes."""
    return text.lower().replace("-", "_")


def _typed(option: Option, value: object, text: str) -> Trouble | None:
    """Whether a text reads as the option's type, and lies within its bounds."""
    kind = option.type
    if option.form:
        from servec.compiler.options.forms import number_of, wrong_form

        wrong, number = wrong_form(option, text), number_of(option, text)
        if wrong or number is None:
            return Trouble(wrong) if wrong else None
        return _bounded(option, Fraction(number))
    if kind in ("json", "object", "mixed"):
        from servec.compiler.options.fields import read_json

        any_value = kind == "json" and option.file  # a YAML file has words without quotes
        return None if any_value or isinstance(value, tuple) else read_json(kind, text)[1]
    if kind == "bool" and option.file:
        from servec.compiler.options.fields import lax

        return None if lax(text) else Trouble("it takes true or false")
    if kind == "bool":
        return None if text.lower() in ("true", "false") else Trouble("it takes true or false")
    if kind == "str":
        return None
    text = text.strip(" ")
    shape = {"int": _WHOLE, "size": _SIZE, "float": _NUMBER}[kind]
    if kind == "size" and text.lower() == "auto":
        return None
    if not shape.fullmatch(text):
        if kind == "float" and text.lower() in ("inf", "nan", "infinity"):
            return None
        return Trouble(f"it takes {KINDS[kind]}", (), _repaired(kind, text))
    return _number(option, text)


def _number(option: Option, text: str) -> Trouble | None:
    """Whether a number is one that is read, and lies within the option's bounds."""
    if len(text) > LONGEST or len(text.lower().partition("e")[2]) > len("+999"):
        return Trouble(f"it has more than {LONGEST} digits")
    return _bounded(option, _amount(text))


LONGEST = 300
"""Digits of a number that is read; a double has no more before its point."""


def _amount(text: str) -> Fraction:
    scale = {"k": 1000, "m": 10**6, "g": 10**9, "t": 10**12}
    binary = {"K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40}
    last = text[-1]
    if last in scale or last in binary:
        return Fraction(text[:-1]) * (scale.get(last) or binary[last])
    return Fraction(text)


def _repaired(kind: str, text: str) -> str:
    """A whole number or share that was written with a suffix the option does not read."""
    if len(text) > LONGEST:
        return ""
    if kind == "int" and _SIZE.fullmatch(text):
        amount = _amount(text)
        return str(amount.numerator) if amount.denominator == 1 else ""
    if kind == "float" and text.endswith("%") and _NUMBER.fullmatch(text[:-1]):
        return written(Fraction(text[:-1]) / 100)
    return ""


def _bounded(option: Option, number: Fraction) -> Trouble | None:
    for limit, word in (
        (option.low, "at least"),
        (option.high, "at most"),
        (option.above, "more than"),
        (option.below, "less than"),
    ):
        if limit is not None and not _meets(number, Fraction(str(limit)), word):
            return Trouble(f"it must be {word} {limit:g}")
    return None


def _meets(number: Fraction, limit: Fraction, word: str) -> bool:
    if word == "at least":
        return number >= limit
    if word == "at most":
        return number <= limit
    return number > limit if word == "more than" else number < limit


def written(value: object) -> str:
    """A value as one word of a command line; numbers exact, at most 6 places where endless."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Fraction):
        if value.denominator == 1:
            return str(value.numerator)
        digits = f"{float(value):.12g}"
        return digits if Fraction(digits) == value else f"{float(value):.6f}".rstrip("0")
    return str(value)
