"""JSON options: reading their text, and checking what they hold against the known fields."""

from __future__ import annotations

import json
import re

from servec.compiler.options.table import option_of, plain
from servec.compiler.options.values import Trouble, trouble

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

_STRINGS = re.compile(r'("(?:[^"\\]|\\.)*")')
_AMOUNT = re.compile(r"\b(\d+(?:\.\d+)?)([kKmMgGtT])\b")


LAX = frozenset(("true", "false", "t", "f", "yes", "no", "y", "n", "on", "off", "1", "0"))


def read_json(kind: str, text: str) -> tuple[Any, Trouble | None]:
    """The value a JSON option's text stands for, and what is wrong with the text."""
    if kind == "mixed" and not re.fullmatch(r"\s*\{.*\}\s*", text, re.DOTALL):
        return text, None
    try:
        found = json.loads(_expanded(text) if kind == "object" else text)
    except RecursionError:
        return None, Trouble("it is no JSON that is read: nested too deep")
    except ValueError as error:
        from servec.compiler.options.mended import mended

        return None, Trouble(f"it is no JSON: {_why(error, text)}", near=mended(text))
    if kind == "object" and not isinstance(found, dict):
        return None, Trouble("it takes a JSON object")
    return found, None


def _why(error: ValueError, text: str) -> str:
    """What the reader of JSON says, in the words of every Python: 3.13 names a comma too many."""
    if not isinstance(error, json.JSONDecodeError):
        return "a number has too many digits"
    told, at = error.msg.lower(), error.pos
    if told.startswith("illegal trailing comma"):
        ends = re.compile(r"[^,\s]").search(text, at)
        at = ends.start() if ends else at
        told = "expecting value"
        if text[at : at + 1] == "}":
            told = "expecting property name enclosed in double quotes"
    return f"{told} at character {at + 1}"


def _expanded(text: str) -> str:
    """Numbers with a suffix outside strings, which vLLM takes inside JSON (arg_utils.py)."""
    parts = _STRINGS.split(text)
    parts[::2] = [_AMOUNT.sub(r"\1", part) for part in parts[::2]]
    return "".join(parts)


def field_troubles(
    rows: Mapping[str, Mapping[str, Any]], value: Mapping[str, Any], path: tuple[str, ...] = ()
) -> Iterator[Trouble]:
    """What is wrong with a JSON object for an option whose fields are `rows`."""
    known = {plain(name): name for name in rows}
    for name, inner in value.items():
        here = (*path, name)
        if plain(name) not in known:
            yield unknown_field(rows, here)
            continue
        row = rows[known[plain(name)]]
        if isinstance(inner, dict) and row.get("fields"):
            yield from field_troubles(row["fields"], inner, here)
            continue
        found = _wrong(name, row, inner)
        if found:
            yield Trouble(found.text, found.valid, found.near, here, json.dumps(inner, default=str))


def lax(value: Any) -> bool:
    """Whether pydantic reads a value as true or false (its table of conversions, lax mode)."""
    return isinstance(value, bool) or str(value).lower() in LAX


def unknown_field(rows: Mapping[str, Any], path: tuple[str, ...]) -> Trouble:
    """The trouble of a field that is not among `rows`."""
    from servec.dsl.nearest import nearest

    near = nearest(path[-1].replace("-", "_"), tuple(rows))
    return Trouble("no such field", tuple(sorted(rows)), near[0] if near else "", path)


def _wrong(name: str, row: Mapping[str, Any], inner: Any) -> Trouble | None:
    """What is wrong with one field's JSON value; types are read as leniently as pydantic does."""
    if inner is None:
        return None if row.get("nullable") or row.get("type") == "json" else Trouble("it is null")
    if row.get("type") in ("json", "object", "mixed"):
        wanted = row["type"] == "object" and row.get("arity") != "*"
        return Trouble("it takes an object") if wanted and not isinstance(inner, dict) else None
    if isinstance(inner, dict):
        return Trouble("it takes no object")
    given = tuple(inner) if isinstance(inner, list) else inner
    if row.get("arity") in ("*", "+") and not isinstance(given, tuple):
        return Trouble("it takes a list")
    if row.get("type") == "bool" and lax(given):
        return None
    if row.get("type") == "int" and isinstance(given, bool):
        return None
    kept = {k: v for k, v in row.items() if k not in ("fields", "nullable")}
    return trouble(option_of(name, kept), given, lambda _: ())
