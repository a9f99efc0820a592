"""Names while a program is gone through, and what becomes of them where ways part."""

from __future__ import annotations

from servec.targets.shared.importing.python.values import Table, Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

OUTER = "\0outer"
"""Under this key a scope holds the one around it."""


def look(scope: dict[str, Any], name: str) -> Any:
    """The value of a name, in the scope or around it; `KeyError` where nothing sets it."""
    here: dict[str, Any] | None = scope
    while here is not None:
        if name in here:
            return here[name]
        here = here.get(OUTER)
    raise KeyError(name)


def inner(scope: dict[str, Any]) -> dict[str, Any]:
    """An empty scope within another."""
    return {OUTER: scope}


def saved(scope: dict[str, Any]) -> dict[str, Any]:
    """The names of a scope as they stand; dicts are told apart, as branches may change them."""
    return {
        name: value.copied() if isinstance(value, Table) and name != OUTER else value
        for name, value in scope.items()
    }


def joined(scope: dict[str, Any], one: dict[str, Any], other: dict[str, Any]) -> None:
    """Go on with what both of two ways left: a name that they leave unlike is not known."""
    for name in {*one, *other} - {OUTER}:
        left, right = one.get(name), other.get(name)
        if name not in one or name not in other:
            scope[name] = one.get(name, right)
        elif left is right or (type(left) is type(right) and _same(left, right)):
            scope[name] = left
        else:
            scope[name] = Unknown(name)


def _same(left: Any, right: Any) -> bool:
    plain = (str, int, float, bool, type(None), list, tuple, dict)
    return isinstance(left, plain) and bool(left == right)
