"""JSON as text, as `json.dumps(value, indent=2, ensure_ascii=False)` writes it.

The package `json` takes longer to import than a short document to write; with an indent it writes
in Python, too.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any


def _quoter() -> Callable[[str], str]:
    try:
        from _json import encode_basestring
    except ImportError:
        from json.encoder import encode_basestring
    made: Callable[[str], str] = encode_basestring
    return made


_quote = _quoter()
INFINITE = {"inf": "Infinity", "-inf": "-Infinity", "nan": "NaN"}


def json_text(value: Any) -> str:
    """`value`, of plain values, lists and mappings with texts as keys, without a line end."""
    return "".join(_parts(value, "\n"))


def _parts(value: Any, line: str) -> Iterator[str]:
    """The pieces of a value; `line` is a line end with the indent of the line it stands in."""
    if isinstance(value, (dict, list, tuple)) and value:
        below, gap = line + "  ", line + "  "
        mapping = isinstance(value, dict)
        yield "{" if mapping else "["
        for item in value:
            yield gap
            if mapping:
                yield _quote(item) + ": "
            yield from _parts(value[item] if mapping else item, below)
            gap = "," + below
        yield line + ("}" if mapping else "]")
    else:
        yield _scalar(value)


def _scalar(value: Any) -> str:
    if isinstance(value, str):
        return _quote(value)
    if value is None or value is True or value is False:
        return "null" if value is None else "true" if value else "false"
    if isinstance(value, int):
        return int.__repr__(value)
    if isinstance(value, float):
        shown = float.__repr__(value)
        return INFINITE.get(shown, shown)
    return "{}" if isinstance(value, dict) else "[]"
