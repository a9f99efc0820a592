"""What operators make of known values."""

from __future__ import annotations

import ast
import operator

from servec.targets.shared.importing.python.plain import bounded
from servec.targets.shared.importing.python.values import LONGEST, Table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

ARITHMETIC: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}
TESTS: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Is: operator.is_,
    ast.IsNot: operator.is_not,
    ast.In: lambda one, many: one in many,
    ast.NotIn: lambda one, many: one not in many,
}
SIGNS: dict[type[ast.unaryop], Callable[[Any], Any]] = {
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
    ast.Not: operator.not_,
    ast.Invert: operator.invert,
}


def computed(kind: type[ast.operator], left: Any, right: Any) -> Any:
    """The result of an operator; `ValueError` where it is not told or too large."""
    if kind is ast.Pow:
        small = isinstance(left, int) and isinstance(right, int) and 0 <= right <= 60
        if not small or abs(left) > 1024:
            raise ValueError("power")
        return bounded(left**right)
    if kind is ast.Div and isinstance(left, str) and isinstance(right, str):
        return f"{left.rstrip('/')}/{right}"  # a path and a part of it
    if kind is ast.BitOr and isinstance(left, Table) and isinstance(right, Table):
        made = left.copied()
        made.take(right)
        return made
    if kind not in ARITHMETIC or isinstance(left, (dict, bool)) or isinstance(right, (dict, bool)):
        raise ValueError("operator")
    if kind is ast.Mult and not (
        isinstance(left, (int, float)) and isinstance(right, (int, float))
    ):
        count = right if isinstance(right, int) else left
        many = left if count is right else right
        if not isinstance(count, int) or not 0 <= count * len(many) <= LONGEST:
            raise ValueError("times")
    try:
        return bounded(ARITHMETIC[kind](left, right))
    except Exception as error:
        raise ValueError("operator") from error


def compared(kind: type[ast.cmpop], left: Any, right: Any) -> bool:
    """Whether a comparison holds; `ValueError` where that is not told."""
    try:
        return bool(TESTS[kind](left, right))
    except Exception as error:
        raise ValueError("comparison") from error
