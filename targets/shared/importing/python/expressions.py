"""Evaluates expressions as far as their parts are known."""

from __future__ import annotations

import ast
from abc import ABC, abstractmethod

from servec.targets.shared.importing.python.decorated import defaulted
from servec.targets.shared.importing.python.operators import SIGNS, compared, computed
from servec.targets.shared.importing.python.plain import bounded
from servec.targets.shared.importing.python.scope import look
from servec.targets.shared.importing.python.values import (
    Dotted,
    Instance,
    Local,
    Made,
    Spot,
    Unknown,
    constant,
    known,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from servec.targets.shared.importing.python.page import Page

    Scope = dict[str, Any]

STEPS, DEEPEST = 200_000, 60
"""Expressions in all, and how deep they stand in each other."""
ENVIRON = ("os.environ", "environ")


class TooLong(Exception):
    """A program with more steps than are gone through."""


class Expressions(ABC):
    """The values of expressions; calls are those of `Calls`."""

    def __init__(self, page: Page, env: dict[str, str]) -> None:
        """`env`: the variables that the program sees, which it may set."""
        self.page, self.env = page, env
        self.env_spots: dict[str, Spot] = {}
        self.steps = self.deep = 0

    def value(self, node: ast.AST | None, scope: Scope) -> Any:
        """What an expression is."""
        if node is None:
            return None
        self.steps += 1
        if self.steps > STEPS:
            raise TooLong
        if self.deep > DEEPEST:
            return Unknown("...")
        self.deep += 1
        try:
            found = getattr(self, "_" + type(node).__name__.lower(), None)
            return found(node, scope) if found else self._other(node, scope)
        except ValueError:
            return self.unknown(node)
        finally:
            self.deep -= 1

    def unknown(self, node: ast.AST) -> Unknown:
        """An expression that only a run would tell."""
        return Unknown(self.page.said(node))

    @abstractmethod
    def call(self, node: ast.Call, scope: Scope) -> Any:
        """The value of a call."""

    def spot(self, name: ast.AST, value: ast.AST, written: str = "") -> Spot:
        """Where a name, or what stands for it, and its value lie."""
        start = self.page.at(name.lineno, name.col_offset)  # type: ignore[attr-defined]
        begin = self.page.at(value.lineno, value.col_offset)  # type: ignore[attr-defined]
        end = self.page.at(value.end_lineno, value.end_col_offset)  # type: ignore[attr-defined]
        return Spot(start, end, begin, end, written)

    def _other(self, node: ast.AST, scope: Scope) -> Any:
        for child in ast.iter_child_nodes(node):  # a launch may stand within
            if isinstance(child, ast.expr):
                self.value(child, scope)
        return self.unknown(node)

    def _call(self, node: ast.Call, scope: Scope) -> Any:
        return self.call(node, scope)

    def _await(self, node: ast.Await, scope: Scope) -> Any:
        return self.value(node.value, scope)

    def _constant(self, node: ast.Constant, scope: Scope) -> Any:
        if isinstance(node.value, (str, int, float, bool, type(None))):
            return bounded(node.value)
        return self.unknown(node)

    def _name(self, node: ast.Name, scope: Scope) -> Any:
        try:
            return look(scope, node.id)
        except KeyError:
            return Dotted(node.id)

    def _namedexpr(self, node: ast.NamedExpr, scope: Scope) -> Any:
        found = self.value(node.value, scope)
        scope[node.target.id] = found
        return found

    def _attribute(self, node: ast.Attribute, scope: Scope) -> Any:
        held = self.value(node.value, scope)
        if isinstance(held, Dotted):
            return Dotted(f"{held.path}.{node.attr}")
        if isinstance(held, Instance):
            return self._of_instance(held, node)
        if isinstance(held, Local) and isinstance(held.node, ast.ClassDef):
            return self.member(held, node.attr, None, node)
        if isinstance(held, Made) and node.attr in held.table:
            return held.table[node.attr]
        if isinstance(held, str) and node.attr in ("parent", "name", "stem"):
            return self.unknown(node)
        return self.unknown(node)

    def _of_instance(self, held: Instance, node: ast.Attribute) -> Any:
        if node.attr in held.attributes:
            return held.attributes[node.attr]
        if held.kind is not None:
            return self.member(held.kind, node.attr, held, node)
        return self.unknown(node)

    def member(self, kind: Local, name: str, bound: Instance | None, node: ast.AST) -> Any:
        """A method or a value that a class of the program holds under a name."""
        for item in kind.node.body:
            if isinstance(item, (ast.FunctionDef, ast.AsyncFunctionDef)) and item.name == name:
                return Local(item, kind.scope, bound)
            if isinstance(item, (ast.Assign, ast.AnnAssign)) and item.value is not None:
                targets = item.targets if isinstance(item, ast.Assign) else [item.target]
                if any(isinstance(each, ast.Name) and each.id == name for each in targets):
                    return defaulted(self.value(item.value, kind.scope))
        return self.unknown(node)

    def _binop(self, node: ast.BinOp, scope: Scope) -> Any:
        left, right = self.value(node.left, scope), self.value(node.right, scope)
        if not constant(left) or not constant(right):
            return self.unknown(node)
        return computed(type(node.op), left, right)

    def _unaryop(self, node: ast.UnaryOp, scope: Scope) -> Any:
        held = self.value(node.operand, scope)
        if not constant(held):
            return self.unknown(node)
        try:
            return SIGNS[type(node.op)](held)
        except TypeError:
            return self.unknown(node)

    def _boolop(self, node: ast.BoolOp, scope: Scope) -> Any:
        found: Any = None
        for item in node.values:
            found = self.value(item, scope)
            truth = self.truth(found)
            if truth is None:
                return self.unknown(node)
            if truth is isinstance(node.op, ast.Or):
                break
        return found

    def _compare(self, node: ast.Compare, scope: Scope) -> Any:
        values = [self.value(item, scope) for item in (node.left, *node.comparators)]
        if not all(map(constant, values)):
            return self.unknown(node)
        pairs = zip(node.ops, values, values[1:], strict=False)
        return all(compared(type(kind), left, right) for kind, left, right in pairs)

    def truth(self, value: Any) -> bool | None:
        """Whether a value holds, None where it is not known."""
        if isinstance(value, (Unknown, Dotted, Made)):
            return None
        return True if isinstance(value, (Local, Instance)) else bool(value)

    def _ifexp(self, node: ast.IfExp, scope: Scope) -> Any:
        truth = self.truth(self.value(node.test, scope))
        if truth is None:
            one, other = self.value(node.body, scope), self.value(node.orelse, scope)
            plain = isinstance(one, (str, int, float, bool)) and type(one) is type(other)
            return one if plain and one == other else self.unknown(node)
        return self.value(node.body if truth else node.orelse, scope)

    def _lambda(self, node: ast.Lambda, scope: Scope) -> Any:
        return Local(node, scope)

    def _starred(self, node: ast.Starred, scope: Scope) -> Any:
        return self.value(node.value, scope)

    def _subscript(self, node: ast.Subscript, scope: Scope) -> Any:
        held, key = self.value(node.value, scope), self.value(node.slice, scope)
        if isinstance(held, Dotted) and held.path in ENVIRON and isinstance(key, str):
            return self.env.get(key, self.unknown(node))
        if isinstance(held, dict) and str(key) in held and known(key):
            return held[str(key)]
        if isinstance(held, (list, tuple, str)) and isinstance(key, int):
            return held[key] if -len(held) <= key < len(held) else self.unknown(node)
        return self.unknown(node)
