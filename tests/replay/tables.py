"""How a committed table compares with the live parser: recall and precision by kind of fact."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from servec.targets.shared.table import load_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

KINDS = ("flags", "choices", "defaults")


def compared(runtime: str, version: str, live: Mapping[str, Any]) -> tuple[str, bool]:
    """One line of counts, and whether all are whole; `live`: option rows as they were extracted."""
    parts, whole = [], True
    kept = load_table(runtime, version).rows
    for kind in KINDS:
        known, found = set(_facts(kept, kind)), set(_facts(live, kind))
        both = len(known & found)
        whole &= known == found
        parts.append(f"{kind} recall {both}/{len(found)} precision {both}/{len(known)}")
    return "; ".join(parts), whole


def _facts(rows: Mapping[str, Any], kind: str) -> Iterator[tuple[str, str]]:
    for name, row in rows.items():
        if kind == "defaults":
            yield name, repr(row.get("default"))
            continue
        own = (f"--{name}",) if kind == "flags" else ()
        keys = ("flags", "off") if kind == "flags" else ("choices", "also")
        stated = [value for key in keys for value in row.get(key, ())]
        yield from ((name, str(value)) for value in (stated or own))
