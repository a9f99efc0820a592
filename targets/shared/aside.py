"""What no parser tells of a runtime's options, kept by hand beside its tables, with sources.

`targets/<name>/successors.json`: `rows` of `{option, use, note, gone, set, words, source}`, see
`Successor`.
`targets/<name>/exclusions.json`: `rows` as the fields of `Exclusion`;
`targets/<name>/constraints.json`: `rows` as the fields of `Constraint`, and more of them in `said`,
under the option or field without which they do not hold.
"""

from __future__ import annotations

from functools import lru_cache

from servec.dsl.json_file import load_json, read_json
from servec.targets.shared.table import FOLDER

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from servec.compiler.options.context import Successor
    from servec.compiler.options.exclusions import Exclusion
    from servec.compiler.options.rule_set import RuleSet
    from servec.targets.shared.groups import Groups


@lru_cache
def load_successors(runtime: str) -> Mapping[str, Successor]:
    """Successors by the name of the old option or variable."""
    from servec.compiler.options.context import Successor

    return {
        row["option"]: Successor(**{k: v for k, v in row.items() if k != "option"})
        for row in _rows(runtime, "successors")
    }


@lru_cache
def load_exclusions(runtime: str, version: str) -> tuple[Exclusion, ...]:
    """The pairs that hold for a version."""
    from servec.compiler.options.exclusions import Exclusion

    return tuple(Exclusion(**row) for row in _rows(runtime, "exclusions") if _holds(row, version))


@lru_cache
def load_constraints(runtime: str, version: str) -> RuleSet:
    """The constraints that hold for a version."""
    from servec.compiler.options.rule_set import RuleSet

    rows, said = _constraints(runtime)
    return RuleSet(rows, said, lambda row: _holds(row, version))


@lru_cache
def _constraints(runtime: str) -> tuple[list[dict[str, Any]], Groups | dict[str, Any]]:
    from servec.targets.shared.groups import rows_and_groups

    try:
        return rows_and_groups(read_json(FOLDER, runtime, "constraints.json"))
    except FileNotFoundError:
        return [], {}


def _holds(row: Mapping[str, Any], version: str) -> bool:
    """Whether a row's `since` and `until` take in a version."""
    from servec.compiler.options.versions import order

    now = order(version)
    return not (
        ("since" in row and order(row["since"]) > now)
        or ("until" in row and order(row["until"]) < now)
    )


def _rows(runtime: str, name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = _content(runtime, name)["rows"]
    return rows


def _content(runtime: str, name: str) -> dict[str, Any]:
    try:
        found: dict[str, Any] = load_json(FOLDER, runtime, name + ".json")
    except FileNotFoundError:
        return {"rows": []}
    return found
