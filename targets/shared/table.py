"""Reads the option tables that lie beside the targets.

Two files a version: `targets/<name>/options/<version>.json` holds the options, and
`targets/<name>/registries/<version>.json` the value sets and the fields of JSON options, read only
when asked for. Either may be a difference from another version: then `base` names it, a null row
removes one, and a set has `add` and `drop`.
"""

from __future__ import annotations

import json
import os
from functools import lru_cache

from servec.compiler.options.table import OptionTable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

FOLDER = os.path.dirname(os.path.dirname(__file__))


@lru_cache
def load_table(runtime: str, version: str) -> OptionTable:
    """The table of exactly this version; `FileNotFoundError` where there is none."""
    found = _read(runtime, "options", version)
    rows: dict[str, Any] = found["options"]
    base = found.get("base")
    if base:
        rows = _merged(load_table(runtime, base).rows, rows)
    return OptionTable(
        runtime,
        version,
        rows,
        {flag: tuple(use) for flag, use in found.get("removed", {}).items()},
        tuple(found.get("positional", ())),
        lambda: _registries(runtime, version),
    )


@lru_cache
def versions(runtime: str) -> tuple[str, ...]:
    """The versions a runtime has a table for, oldest first; empty for an unknown runtime."""
    from servec.compiler.options.versions import order

    try:
        names = os.listdir(os.path.join(FOLDER, runtime, "options"))
    except FileNotFoundError:
        return ()
    return tuple(sorted((n[:-5] for n in names if n.endswith(".json")), key=order))


def _read(runtime: str, kind: str, version: str) -> dict[str, Any]:
    path = os.path.join(FOLDER, runtime, kind, version + ".json")
    with open(path, encoding="utf-8") as file:
        found: dict[str, Any] = json.load(file)
    return found


def _merged(base: Mapping[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    rows = {**base, **change}
    return {name: row for name, row in rows.items() if row is not None}


@lru_cache
def _registries(runtime: str, version: str) -> Mapping[str, Any]:
    """Value sets and fields of a version, differences resolved; empty where none are stored."""
    try:
        found = _read(runtime, "registries", version)
    except FileNotFoundError:
        return {}
    base = found.get("base")
    if not base:
        return found
    under = _registries(runtime, base)
    sets = dict(under["sets"])
    for name, change in found["sets"].items():
        if isinstance(change, list) or change is None:
            sets[name] = change
        else:
            kept = set(under["sets"][name]) - set(change.get("drop", ()))
            sets[name] = sorted(kept | set(change.get("add", ())))
    fields = dict(under.get("fields", {}))
    for name, change in found.get("fields", {}).items():
        fields[name] = None if change is None else _merged(fields.get(name) or {}, change)
    return {
        "sets": {name: value for name, value in sets.items() if value is not None},
        "fields": {name: value for name, value in fields.items() if value is not None},
    }
