"""The schema as typed values, read from `language.json` when first asked."""

from __future__ import annotations

from functools import cache, lru_cache
from os.path import dirname

from servec.dsl.json_file import load_json
from servec.dsl.schema.field import make_field

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, Literal, TypeAlias

    from servec.dsl.schema.field import Field

    Place: TypeAlias = Literal[
        "top", "deployment", "on", "adapter", "fleet", "pool", "place", "predicted"
    ]


@lru_cache(maxsize=1)
def _loaded() -> dict[str, Any]:
    found: dict[str, Any] = load_json(dirname(__file__), "language.json")
    return found


@cache
def field(place: Place, path: str) -> Field | None:
    """The field at `path` of a scope, or None. A profile and a role have the deployment's."""
    row = _loaded()["fields"].get(place, {}).get(path)
    return make_field(path, row) if row else None


def fields(place: Place) -> Iterator[Field]:
    """Every field of a scope, in the order of the language reference."""
    for path, row in _loaded()["fields"].get(place, {}).items():
        yield make_field(path, row)


def blocks(place: Place) -> dict[str, dict[str, Any]]:
    """The blocks of a scope by path: `doc`, `label` (what it names) and `role` (allowed there)."""
    found: dict[str, dict[str, Any]] = _loaded()["blocks"].get(place, {})
    return found
