"""Words that a parser takes apart by code of its own, in forms that no type of a table says.

A row of a table names its form; the extract script tries them on the parser itself (see
`targets/llamacpp/oracle_forms.py`). Numbers are read as far as they go, as C's `strtol` does it:
`8k` is 8.
"""

from __future__ import annotations

import re

from servec.dsl.whole import DIGITS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.options.table import Option

_NUMBER = r"\s*[+-]?(?:inf|nan|(?:\d+\.?|\.\d)|0[xX][0-9a-fA-F])"
_FINITE = r"\s*[+-]?(?:(?:\d+\.?|\.\d)|0[xX][0-9a-fA-F])"
_DEVICE = r"(?:Metal|BLAS|[A-Za-z]{2,}\d{1,2}(?:\[[^\],]*\])?)"
_WHOLE = r"\s*[+-]?\d"
FORMS: dict[str, tuple[str, str]] = {
    "whole": (rf"(?i){_WHOLE}[\s\S]*", "a whole number"),
    "number": (rf"(?i){_NUMBER}[\s\S]*", "a number"),
    "finite": (rf"(?i){_FINITE}[\s\S]*", "a number that is no infinity"),
    "positive": (
        rf"(?i)(?!\s*-)(?!\s*[+]?0*\.?0*(?![\d.xX\s+])){_FINITE}[\s\S]*",
        "a number above 0",
    ),
    "layers": (rf"{_WHOLE}[\s\S]*|auto|all", "a number of layers, `auto` or `all`"),
    "wholes": (
        rf"{_WHOLE}[^,/]*(?:[,/]+{_WHOLE}[^,/]*)*[,/]*",
        "whole numbers with commas between",
    ),
    "numbers": (
        rf"(?i){_NUMBER}[^,/]*(?:[,/]+{_NUMBER}[^,/]*)*[,/]*",
        "numbers with commas between",
    ),
    "mask": (r"(?:0x)?[0-9a-fA-F]*", "a mask in hexadecimal digits"),
    "span": (r"\d*-\d*", "a range such as 0-7"),
    "scaled": (
        rf"(?i)[^,:]*:{_NUMBER}[^,:]*(?:,[^,:]*:{_NUMBER}[^,:]*)*",
        "paths, each with a colon and its scale",
    ),
    "bias": (r"\s*[+-]?\d+[+-][\s\S]*", "a token, + or -, and its bias"),
    "override": (
        r"[^=]{1,127}=(?:(?:int|float):[\s\S]*|bool:(?:true|false)|str:[\s\S]{0,127})",
        "a key, =, a type (int, float, bool, str), a colon and the value",
    ),
    "placed": (
        rf"[^,=]*=(?:CPU|{_DEVICE})(?:,[^,=]*=(?:CPU|{_DEVICE}))*",
        "patterns of tensors, each with = and CPU or a device",
    ),
    "devices": (
        rf"none|{_DEVICE}(?:,{_DEVICE})*",
        "names of devices with commas between, such as CUDA0, or `none`",
    ),
    "file": (r"[\s\S]*", "the path of a file that is there"),
    "folder": (r"[\s\S]+", "the path of a folder that is there"),
    "filled": (r"[\s\S]+", "a text that is not empty"),
}
"""Name to the pattern of the whole word, and what it takes; `json` is any JSON."""
PART = re.compile(r"\s*[+-]?\d+")
INT = (-(2**31), 2**31 - 1)


def fits(form: str, text: str) -> bool:
    """Whether a word has a form."""
    if form == "json":
        from servec.compiler.options.fields import read_json

        return read_json("json", text)[1] is None
    return re.fullmatch(FORMS[form][0], text) is not None


def wrong_form(option: Option, text: str) -> str:
    """Why a word is not one that an option takes, "" where it is."""
    if not fits(option.form, text):
        return f"it takes {'JSON' if option.form == 'json' else FORMS[option.form][1]}"
    number = number_of(option, text)
    beyond = option.type == "int" and number is not None and not INT[0] <= number <= INT[1]
    return f"it takes a whole number up to {INT[1]}" if beyond else ""


def read_in_part(option: Option, text: str) -> int | None:
    """The number that an option reads from the front of a word that goes on behind it."""
    number = number_of(option, text) if option.form == "whole" else None
    return number if number is not None and PART.fullmatch(text.rstrip()) is None else None


def number_of(option: Option, text: str) -> int | None:
    """The whole number that an option reads from a word, None where it reads none; of far too many
    digits the first, which are beyond every bound as well."""
    found = PART.match(text) if option.form in ("whole", "layers") else None
    return int(found[0][: DIGITS + 2]) if found else None
