"""Statements that part the ways of a program."""

from __future__ import annotations

from abc import abstractmethod

from servec.targets.shared.importing.python.calls import Calls
from servec.targets.shared.importing.python.scope import joined, saved
from servec.targets.shared.importing.python.values import known

TYPE_CHECKING = False
if TYPE_CHECKING:
    import ast
    from collections.abc import Sequence
    from typing import Any

    from servec.targets.shared.importing.python.expressions import Scope

ROUNDS = 32
"""How often a loop over known items is gone round."""


class Returned:
    """What a function returns, from the statement on that does."""

    def __init__(self, value: Any) -> None:
        """`Unknown` where the statement raises."""
        self.value = value


class Flow(Calls):
    """Tests, loops and what follows an error; `every`: that is gone through as well."""

    every = False

    @abstractmethod
    def block(self, body: Sequence[ast.stmt], scope: Scope) -> Returned | None:
        """Go through statements up to one that returns."""

    @abstractmethod
    def assign(self, target: ast.expr, value: Any, said: ast.expr, scope: Scope) -> None:
        """Set what stands on the left of an assignment."""

    def _on_if(self, item: ast.If, scope: Scope) -> Returned | None:
        truth = self.truth(self.value(item.test, scope))
        if truth is not None:
            return self.block(item.body if truth else item.orelse, scope)
        return self._both((item.body, item.orelse), scope, item.test)

    def _both(
        self, ways: tuple[Sequence[ast.stmt], ...], scope: Scope, test: ast.AST
    ) -> Returned | None:
        """Go both ways from here, and on with what they leave alike."""
        before, env = saved(scope), dict(self.env)
        left = self.block(ways[0], scope)
        one, one_env = saved(scope), dict(self.env)
        scope.clear()
        scope.update(before)
        self.env.clear()
        self.env.update(env)
        right = self.block(ways[1], scope)
        if left is not None and right is not None:
            same = known(left.value) and left.value == right.value
            return left if same else Returned(self.unknown(test))
        if left is not None:
            return None
        other = saved(scope)
        if right is None:
            joined(scope, one, other)
            for name in {*one_env, *self.env}:
                if one_env.get(name) != self.env.get(name):
                    self.env.pop(name, None)
            return None
        scope.clear()
        scope.update(one)
        self.env.clear()
        self.env.update(one_env)
        return None

    def _on_for(self, item: ast.For, scope: Scope) -> Returned | None:
        many = self.value(item.iter, scope)
        items = many if isinstance(many, (list, tuple)) and len(many) <= ROUNDS else None
        for each in items if items is not None else [self.unknown(item.iter)]:
            self.assign(item.target, each, item.iter, scope)
            found = self.block(item.body, scope)
            if found is not None:
                return found
        return self.block(item.orelse, scope)

    _on_asyncfor = _on_for

    def _on_while(self, item: ast.While, scope: Scope) -> Returned | None:
        if self.truth(self.value(item.test, scope)) is not False:
            return self.block(item.body, scope)
        return None

    def _on_with(self, item: ast.With, scope: Scope) -> Returned | None:
        for held in item.items:
            value = self.value(held.context_expr, scope)
            if held.optional_vars is not None:
                self.assign(held.optional_vars, value, held.context_expr, scope)
        return self.block(item.body, scope)

    _on_asyncwith = _on_with

    def _on_try(self, item: ast.Try, scope: Scope) -> Returned | None:
        found = self.block((*item.body, *item.orelse), scope)
        if self.every:
            for handler in item.handlers:
                self.block(handler.body, saved(scope))
        last = self.block(item.finalbody, scope)
        return found if found is not None else last

    _on_trystar = _on_try

    def _on_match(self, item: ast.Match, scope: Scope) -> None:
        self.value(item.subject, scope)
        for case in item.cases:
            self.block(case.body, saved(scope))
