"""Reads the option tables that lie beside the targets.

Three files a version, each read only when asked for: `targets/<name>/options/<version>.json` holds
the options, `registries/<version>.json` the value sets, `fields/<version>.json` the fields of JSON
options. Each may be a difference from another version: then `base` names it, a null row removes
one, and a set has `add` and `drop`. Where a version has no value sets or no fields of its own,
those of the version before hold.
"""

from __future__ import annotations

import os
from functools import lru_cache

from servec.compiler.options.table import OptionTable
from servec.dsl.json_file import load_json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from servec.compiler.options.versions import Picked

FOLDER = os.path.dirname(os.path.dirname(__file__))
NEARER_MAIN = {"trtllm": "1.3.0rc15"}
"""The first release that is nearer to the table of `main` than to that of the last release: rc3 is
of February 2026, rc15 of May, `main` of September (dates of NVIDIA/TensorRT-LLM's threads)."""


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
        frozenset(found.get("syntax", ())),
        tuple(found.get("prefixes", ())),
        lambda: load_sets(runtime, version),
        lambda: load_fields(runtime, version),
        lambda: _plugins(runtime),
    )


@lru_cache
def _plugins(runtime: str) -> tuple[str, ...]:
    """What variables of the runtime's plug-ins begin with: `targets/<name>/plugins.json`."""
    there = os.path.exists(os.path.join(FOLDER, runtime, "plugins.json"))
    return tuple(load_json(FOLDER, runtime, "plugins.json")["prefixes"]) if there else ()


@lru_cache
def runtimes() -> tuple[str, ...]:
    """The runtimes that have a table, in order of name."""
    return tuple(sorted(name for name in os.listdir(FOLDER) if versions(name)))


def table_base(runtime: str, version: str) -> str:
    """The version that a stored table is a difference from, "" for a whole one."""
    return str(_read(runtime, "options", version).get("base", ""))


@lru_cache
def versions(runtime: str) -> tuple[str, ...]:
    """The versions a runtime has a table for, oldest first; empty for an unknown runtime."""
    from servec.compiler.options.versions import order

    try:
        names = os.listdir(os.path.join(FOLDER, runtime, "options"))
    except (FileNotFoundError, NotADirectoryError):
        return ()
    return tuple(sorted((n[:-5] for n in names if n.endswith(".json")), key=order))


def picked(runtime: str, stated: str) -> Picked:
    """The tables of a runtime that apply to a stated version, "" for none stated."""
    from servec.compiler.options.versions import pick

    return pick(stated, versions(runtime), NEARER_MAIN.get(runtime, ""))


def beside(runtime: str, stated: str) -> str:
    """The table on the other side of a release between two that lie far apart, "" elsewhere."""
    from servec.compiler.options.versions import is_exact, order

    known = versions(runtime)
    if runtime not in NEARER_MAIN or not is_exact(stated) or stated in known:
        return ""
    used, here = picked(runtime, stated).version, order(stated)
    sides = ([v for v in known if order(v) < here][-1:], [v for v in known if order(v) > here][:1])
    return next((v for side in sides if all(sides) for v in side if v != used), "")


def after(runtime: str, stated: str) -> str:
    """The first table above a release that has none, "" where there is none or it has one."""
    from servec.compiler.options.versions import is_exact, order

    known = versions(runtime)
    if not is_exact(stated) or stated in known:
        return ""
    return next((version for version in known if order(version) > order(stated)), "")


def _read(runtime: str, kind: str, version: str) -> dict[str, Any]:
    found: dict[str, Any] = load_json(FOLDER, runtime, kind, version + ".json")
    return found


def _before(runtime: str, version: str) -> str:
    """The version before, "" where it is the oldest or has no table."""
    known = versions(runtime)
    at = known.index(version) if version in known else 0
    return known[at - 1] if at else ""


def _merged(base: Mapping[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    rows = {**base, **change}
    return {name: row for name, row in rows.items() if row is not None}


@lru_cache
def load_sets(runtime: str, version: str) -> Mapping[str, tuple[str, ...]]:
    """The value sets of a version by name, each sorted; empty where none are known."""
    try:
        found = _read(runtime, "registries", version)
    except FileNotFoundError:
        before = _before(runtime, version)
        return load_sets(runtime, before) if before else {}
    sets: dict[str, Any] = dict(load_sets(runtime, found["base"])) if "base" in found else {}
    for name, change in found["sets"].items():
        if isinstance(change, dict):
            kept = set(sets[name]).difference(change.get("drop", ()))
            sets[name] = tuple(sorted(kept.union(change.get("add", ()))))
        else:
            sets[name] = None if change is None else tuple(change)
    return {name: members for name, members in sets.items() if members is not None}


@lru_cache
def load_fields(runtime: str, version: str) -> Mapping[str, Mapping[str, Any]]:
    """The fields of each JSON option of a version; empty where none are known."""
    try:
        found = _read(runtime, "fields", version)
    except FileNotFoundError:
        before = _before(runtime, version)
        return load_fields(runtime, before) if before else {}
    fields: dict[str, Any] = dict(load_fields(runtime, found["base"])) if "base" in found else {}
    for name, change in found["fields"].items():
        fields[name] = None if change is None else _merged(fields.get(name) or {}, change)
    return {name: rows for name, rows in fields.items() if rows is not None}
