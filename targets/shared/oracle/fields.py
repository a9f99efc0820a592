"""Describes the fields of a configuration class (a dataclass or pydantic model) as table rows."""

from __future__ import annotations

import dataclasses
import enum
import types
import typing

from servec.targets.shared.oracle.rows import value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

PLAIN = {bool: "bool", int: "int", float: "float", str: "str", dict: "object"}


def field_rows(cls: Any, depth: int = 3) -> dict[str, Any]:
    """Name to row of every field that a user may set; nested classes as `fields` of a row."""
    known = getattr(cls, "__pydantic_fields__", None) or getattr(cls, "model_fields", None)
    if not known:
        known = {f.name: f for f in dataclasses.fields(cls)}
    rows = {}
    for name, field in known.items():
        if getattr(field, "init", True) is False or name.startswith("_"):
            continue
        rows[getattr(field, "alias", None) or name] = field_row(field, depth)
    return rows


def field_row(field: Any, depth: int) -> dict[str, Any]:
    """The row of one field: type, choices, bounds, default, nested fields."""
    annotation = getattr(field, "annotation", None) or getattr(field, "type", None)
    row = type_row(annotation, depth)
    metadata = getattr(field, "metadata", None) or ()
    if any(type(item).__name__ == "SkipValidation" for item in metadata):
        row.pop("fields", None)  # a mapping is taken as it is, whatever its keys
    row |= bounds(metadata)
    default = value(getattr(field, "default", None))
    if default is not None and row.get("type") != "object":
        row["default"] = default
    return row


def type_row(annotation: Any, depth: int = 3) -> dict[str, Any]:
    """What a type annotation allows; `json` where it allows too much to say."""
    members = _members(annotation)
    row: dict[str, Any] = {}
    if type(None) in members:
        row["nullable"] = True
        members = [m for m in members if m is not type(None)]
    literals = [m for m in members if typing.get_origin(m) is typing.Literal]
    choices = [value(c) for m in literals for c in _literal(m)]
    rest = [m for m in members if m not in literals]
    if choices and not rest:
        return {**row, "choices": choices}
    if len(rest) != 1 or choices:
        kinds = {PLAIN.get(typing.get_origin(m) or m, "json") for m in members if m not in literals}
        return row | ({"type": "float"} if kinds == {"int", "float"} else {"type": "json"})
    return row | _one(rest[0], depth)


def bounds(metadata: Any) -> dict[str, float]:
    """The limits that pydantic keeps in a field's metadata."""
    words = {"ge": "low", "le": "high", "gt": "above", "lt": "below"}
    found: dict[str, float] = {}
    for item in metadata or ():
        for key, word in words.items():
            limit = getattr(item, key, None)
            if isinstance(limit, (int, float)) and not isinstance(limit, bool):
                found[word] = limit
    return found


def _one(kind: Any, depth: int) -> dict[str, Any]:
    """The row of a type that is no union."""
    origin = typing.get_origin(kind) or kind
    if origin in (list, tuple, set, frozenset):
        inner = [a for a in typing.get_args(kind) if a is not ...]
        return {"arity": "*", **(type_row(inner[0], depth) if inner else {"type": "json"})}
    if origin in PLAIN:
        return {"type": PLAIN[origin]} if origin is not str else {}
    if not isinstance(origin, type):
        return {"type": "json"}
    if issubclass(origin, enum.Enum):
        names = [m.name for m in origin] + [m.value for m in origin if m.value != m.name]
        # Some enums hold the path of a class as their value; that is no name to write.
        kept = [n for n in names if isinstance(n, (str, int)) and "." not in str(n)]
        return {"choices": kept, "fold": True}
    # A pretended class has every name, so what it calls its fields is no mapping.
    pydantic = isinstance(getattr(origin, "model_fields", None), dict)
    if pydantic or (dataclasses.is_dataclass(origin) and "__dataclass_fields__" in vars(origin)):
        return {"type": "object", "fields": field_rows(origin, depth - 1) if depth else {}}
    return {"type": "json"}


def _members(annotation: Any) -> list[Any]:
    """The members of a union, flat; annotations around them removed."""
    if typing.get_origin(annotation) is typing.Annotated:
        return _members(typing.get_args(annotation)[0])
    if typing.get_origin(annotation) in (typing.Union, types.UnionType):
        return [m for a in typing.get_args(annotation) for m in _members(a)]
    return [annotation]


def _literal(kind: Any) -> list[Any]:
    """The values of a Literal, nested ones flat."""
    out: list[Any] = []
    for arg in typing.get_args(kind):
        out.extend(_literal(arg) if typing.get_origin(arg) is typing.Literal else [arg])
    return out
