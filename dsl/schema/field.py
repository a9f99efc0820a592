"""What the schema says of one field."""

from __future__ import annotations

from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any, Literal

    from servec.dsl.tree import Op


@record
class Field:
    """One field: `path` within its scope, the kinds of value it takes, and their range.

    `kinds` are `word string whole decimal boolean count` or a kind of unit (`servec.dsl.units`).
    `many` says whether a list is refused (""), allowed beside a single value ("may") or required
    ("must"). `choices` are the words it accepts, `pattern` more of them as an expression; both are
    empty for a word that a capability table gives its meaning. `low`, `high` (inclusive) and
    `above` (exclusive) bound the value in base units, shares as fractions of one.
    """

    path: str
    kinds: tuple[str, ...]
    many: Literal["", "may", "must"]
    ops: tuple[Op, ...]
    choices: tuple[str, ...]
    pattern: str
    hint: str
    low: int | None
    high: int | None
    above: int | None
    role: bool
    default: str
    doc: str


def make_field(path: str, row: Mapping[str, Any]) -> Field:
    """The field of one row of `language.json`."""
    only = row.get("only")
    ops: Any = (only,) if only else ("=", *row.get("bounds", "").split())
    return Field(
        path=path,
        kinds=tuple(row["type"].split("|")),
        many=row.get("list", ""),
        ops=ops,
        choices=tuple(row.get("choices", "").split()),
        pattern=row.get("pattern", ""),
        hint=row.get("hint", ""),
        low=row.get("min"),
        high=row.get("max"),
        above=row.get("above"),
        role=row.get("role", False),
        default=row.get("default", ""),
        doc=row["doc"],
    )
