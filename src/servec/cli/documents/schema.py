"""JSON Schemas (2020-12) made from the document records."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from importlib import import_module
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

from servec.cli.documents import DOCUMENTS
from servec.cli.documents.plain import OPTIONAL

DIALECT = "https://json-schema.org/draft/2020-12/schema"
PLAIN = {str: "string", int: "integer", float: "number", bool: "boolean", NoneType: "null"}


def schema_of(name: str) -> dict[str, Any]:
    """The schema of the document called `name` (`servec.check/1`)."""
    module, _, cls = DOCUMENTS[name].partition(":")
    parts: dict[str, Any] = {}
    top = _object(getattr(import_module(module), cls), parts)
    return {
        "$schema": DIALECT,
        "$id": f"urn:servec:{name}",
        **top,
        "$defs": dict(sorted(parts.items())),
    }


def _object(cls: Any, parts: dict[str, Any]) -> dict[str, Any]:
    names: tuple[str, ...] = cls.__match_args__
    space = _names_of(cls)
    return {
        "title": cls.__name__,
        "description": " ".join((cls.__doc__ or "").split()),
        "type": "object",
        "properties": {
            name.rstrip("_"): _type(eval(cls.__annotations__[name], space), parts) for name in names
        },
        "required": [name.rstrip("_") for name in names if name not in OPTIONAL],
    }


def _names_of(cls: Any) -> dict[str, Any]:
    """What the annotations of a record may name; imports for type checkers are not there."""
    from servec.cli.documents import candidate, check, compile, runtimes

    return {
        "Any": Any,
        "Literal": Literal,
        "Mapping": Mapping,
        **vars(candidate),
        **vars(check),
        **vars(compile),
        **vars(runtimes),
        **vars(sys.modules[cls.__module__]),
    }


def _type(hint: Any, parts: dict[str, Any]) -> dict[str, Any]:
    if hint is Any:
        return {}
    if hint in PLAIN:
        return {"type": PLAIN[hint]}
    origin, args = get_origin(hint), get_args(hint)
    if origin is Literal:
        return {"const": args[0]} if len(args) == 1 else {"enum": list(args)}
    if origin in (UnionType, Union):
        return {"anyOf": [_type(arg, parts) for arg in args]}
    if origin is tuple:
        return {"type": "array", "items": _type(args[0], parts)}
    if origin is Mapping:
        return {"type": "object", "additionalProperties": _type(args[1], parts)}
    name = hint.__name__
    if name not in parts:
        parts[name] = {}
        parts[name] = _object(hint, parts)
    return {"$ref": f"#/$defs/{name}"}
