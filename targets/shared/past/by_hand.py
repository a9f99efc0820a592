"""What of past releases is kept by hand with its source: `targets/<name>/past_rows.json`."""

from __future__ import annotations

import os
from functools import lru_cache

from servec.compiler.options.versions import order
from servec.dsl.json_file import load_json
from servec.targets.shared.table import FOLDER

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any


@lru_cache
def rows_at(runtime: str, version: str) -> tuple[Mapping[str, Any], ...]:
    """What else refuses a line of a release, kept by hand with its source; see `past_rows.json`."""
    return _kept(runtime, version, "rows")


@lru_cache
def variables_at(runtime: str, version: str) -> Mapping[str, str]:
    """Variables of a release that said what an option of later ones says, and that option."""
    return {row["variable"]: row["option"] for row in _kept(runtime, version, "variables")}


@lru_cache
def ways_at(runtime: str) -> Mapping[str, Any]:
    """In what the releases of a runtime differ from what all others do; see `past/ways.py`."""
    found: dict[str, Any] = _by_hand(runtime).get("ways", {})
    return found


@lru_cache
def _by_hand(runtime: str) -> Mapping[str, Any]:
    there = os.path.exists(os.path.join(FOLDER, runtime, "past_rows.json"))
    found: dict[str, Any] = load_json(FOLDER, runtime, "past_rows.json") if there else {}
    return found


def _kept(runtime: str, version: str, name: str) -> tuple[Mapping[str, Any], ...]:
    rows: list[dict[str, Any]] = _by_hand(runtime).get(name, [])
    here = order(version)
    return tuple(row for row in rows if order(row["since"] or "0") <= here <= order(row["until"]))
