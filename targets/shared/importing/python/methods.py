"""Methods of lists and dicts, and what is a dict of another thing."""

from __future__ import annotations

from servec.targets.shared.importing.python.values import Instance, Made, Table, Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def fields_of(value: Any, unknown: Unknown) -> Any:
    """The keywords or attributes of a value as a dict."""
    if isinstance(value, Made):
        made = value.table.copied()
        made.maker = value
        return made
    if isinstance(value, Instance):
        return value.attributes.copied()
    return value.copied() if isinstance(value, Table) else unknown


def of_table(
    held: Table, name: str, args: list[Any], table: Table, whole: bool, unknown: Unknown
) -> Any:
    """A method of a dict."""
    first = args[0] if args else None
    if name == "update" and whole and (not args or isinstance(first, dict)):
        held.take(first or {})
        held.take(table)
        return None
    if name in ("get", "pop", "setdefault") and isinstance(first, str):
        fallback = args[1] if len(args) > 1 else None
        found = held.get(first, fallback)
        if name == "pop":
            held.pop(first, None)
        if name == "setdefault" and first not in held:
            held.put(first, fallback, None)
        return found
    return held.copied() if name == "copy" else unknown


def of_list(held: list[Any], name: str, args: list[Any], unknown: Unknown) -> Any:
    """A method of a list."""
    if name in ("append", "extend", "insert") and args:
        held += args[0] if name == "extend" and isinstance(args[0], list) else args[-1:]
        return None
    return held.copy() if name == "copy" else unknown
