"""A project's own parameter table: what `servec calibrate` wrote beside its specs."""

from __future__ import annotations

from servec.compiler.predict.parameters import NAMES, use

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from servec.dsl.sources import Sources

FILE = "servec.parameters.json"
"""In the project's root (see the language reference, import)."""


def use_project_table(sources: Sources, path: str) -> bool:
    """Predict with the table of the project that the spec at `path` lies in.

    False where there is none, or what is there is no parameter table: then the package's is used.
    """
    root = sources.root(path).rstrip("/")
    data = sources.read(FILE if root in ("", ".") else f"{root}/{FILE}")
    found = None if data is None else _parsed(data)
    use(found)
    return found is not None


def _parsed(data: bytes) -> dict[str, Any] | None:
    import json

    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return None
    return found if is_table(found) else None


def is_table(found: object) -> bool:
    """Whether parsed data has the form of a parameter table."""
    if not isinstance(found, dict):
        return False
    values, near, bands = (found.get(key) for key in ("values", "neighbours", "bands"))
    if not (isinstance(values, dict) and isinstance(near, dict) and isinstance(bands, dict)):
        return False
    if not all(_is_value(values.get(name)) for name in NAMES):
        return False
    rows = near.get("rows")
    if not isinstance(rows, list) or any(
        not isinstance(row, list) or len(row) != 11 for row in rows
    ):
        return False
    named = all(isinstance(near.get(key), dict) for key in ("distances", "shrink"))
    return named and isinstance(near.get("few"), (int, float)) and {"tpot", "ttft"} <= set(bands)


def _is_value(row: object) -> bool:
    if not isinstance(row, dict):
        return False
    base = row.get("base")
    return isinstance(base, (int, float)) and base > 0 and isinstance(row.get("offsets"), dict)
