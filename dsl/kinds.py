"""What a field takes, in words."""

from __future__ import annotations

from servec.dsl.units import UNITS
from servec.dsl.wording import listed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.dsl.schema.field import Field

NAMES = {
    "word": "a word",
    "string": "a string",
    "whole": "a whole number",
    "decimal": "a number",
    "boolean": "`true` or `false`",
    "count": "a count such as `h100 x 8`",
    "time": "a time",
    "bytes": "a size in bytes",
    "tokens": "a number of tokens",
    "requests": "a number of requests",
    "pixels": "a number of pixels",
    "token rate": "a rate",
    "request rate": "a rate",
    "share": "a share",
    "power": "a power",
    "money": "an amount of money",
}

EXAMPLES = {
    "time": "500ms",
    "bytes": "48 GiB",
    "tokens": "4k tokens",
    "pixels": "1024 px",
    "token rate": "900 tok/s",
    "request rate": "12 req/s",
    "share": "85%",
    "power": "15 kW",
    "money": "21 USD/h",
}


def takes(field: Field) -> str:
    """`a time`, `a share or a size in bytes`, `a list of words`."""
    names = list(dict.fromkeys(NAMES[kind] for kind in field.kinds))
    if "count" in field.kinds:
        names = [NAMES["count"], "`any`"][: len(field.kinds)]
    if field.many == "must":
        return "a list"
    return listed(names)


def unit_kinds(field: Field) -> list[str]:
    """The kinds of unit the field takes; empty for plain numbers and words."""
    return [kind for kind in field.kinds if kind in UNITS]


def units_of(field: Field) -> list[str]:
    """The units to offer for the field: of a time those of its size, else all."""
    found: list[str] = []
    for kind in unit_kinds(field):
        units = list(UNITS[kind])
        if kind == "time":
            long = field.path.startswith("lifecycle.")
            units = [unit for unit in units if (unit in ("h", "d", "mo")) == long or unit == "h"]
        elif kind == "bytes":
            units = ["GiB", "GB", "MiB", "MB"]
        found.extend(units)
    return found
