"""Reads the JSON tables of the package, with nothing imported for it.

The package `json` compiles six patterns as it is imported, for writing and for other ways of
reading. CPython's scanner behind it needs none of them; elsewhere `json` itself is asked.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


class _Plainly:
    """How the scanner reads: as `json.loads` does where nothing is said."""

    strict = True
    parse_float = float
    parse_int = int

    def __getattr__(self, _name: str) -> None:
        """No hooks."""
        return None


def _scanner() -> Callable[[str, int], tuple[Any, int]]:
    try:
        from _json import make_scanner
    except ImportError:
        from json.decoder import JSONDecoder

        return JSONDecoder().raw_decode
    context: Any = _Plainly()
    return make_scanner(context)


_scan = _scanner()


def load_json(*path: str) -> Any:
    """What the file at the joined path holds; it begins with its value, no space before it.

    `OSError` where it cannot be read, `ValueError` where it is no JSON.
    """
    text = read_json(*path)
    try:
        return value_at(text, 0)
    except ValueError as error:
        raise ValueError(f"{error}: {os.path.join(*path)}") from None


def read_json(*path: str) -> str:
    """The text of a table, of which values are read one by one with `value_at`."""
    with open(os.path.join(*path), "rb", 0) as file:
        return file.read().decode()


def value_at(text: str, at: int) -> Any:
    """The JSON value that begins at a place of a text; `ValueError` where none does."""
    try:
        return _scan(text, at)[0]
    except StopIteration as stop:
        raise ValueError(f"no JSON value at {stop.value}") from None
