"""Goes into the functions and classes of a program where it calls them."""

from __future__ import annotations

import ast
from abc import abstractmethod

from servec.targets.shared.importing.python.decorated import defaulted, optioned
from servec.targets.shared.importing.python.displays import Displays
from servec.targets.shared.importing.python.scope import inner
from servec.targets.shared.importing.python.values import (
    Dotted,
    Instance,
    Local,
    Made,
    Table,
    Unknown,
    known,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from servec.targets.shared.importing.python.expressions import Scope
    from servec.targets.shared.importing.python.page import Page

CALLS = 12
"""How deep functions may call each other."""
MADE = 10_000
"""Calls of a program that are kept."""


class Functions(Displays):
    """`made`: the calls of what is not the program's own, in order; `called`: its own that were;
    `words`: those of the program's line."""

    def __init__(self, page: Page, env: dict[str, str]) -> None:
        """Nothing is called yet."""
        super().__init__(page, env)
        self.made: list[Made] = []
        self.called: set[int] = set()
        self.calling = 0
        self.words: tuple[str, ...] = ()

    @abstractmethod
    def run(self, body: Sequence[ast.stmt], scope: Scope) -> Any:
        """Go through statements; what they return."""

    def kept(self, path: str, args: list[Any], table: Table, node: ast.Call, whole: bool) -> Made:
        """Keep a call of what is no part of the program."""
        made = Made(path, args, table, node)
        made.env, made.whole = dict(self.env), whole
        made.positions = {at: self.spot(item, item) for at, item in enumerate(node.args)}
        if len(self.made) < MADE:
            self.made.append(made)
        return made

    def own(self, function: Local, args: list[Any], table: Table, node: ast.Call) -> Any:
        """A call of the program's own function or class."""
        if isinstance(function.node, ast.ClassDef):
            return self.built(function, args, table, node)
        return self.entered(function, args, table, node)

    def built(self, kind: Local, args: list[Any], table: Table, node: ast.AST) -> Any:
        """An instance of a class of the program; of one that adds nothing to another's, a call of
        that."""
        self.called.add(id(kind.node))
        made = Instance(kind)
        begin = next(
            (item for item in kind.node.body if getattr(item, "name", "") == "__init__"), 0
        )
        if begin:
            self.entered(Local(begin, kind.scope, made), args, table, node)
            return made
        bases = [self.value(base, kind.scope) for base in kind.node.bases]
        if bases and isinstance(bases[0], Dotted) and isinstance(node, ast.Call):
            self.kept(bases[0].path, args, table, node, True)
        names = [n.target.id for n in kind.node.body if _annotates(n)]
        for name, value in zip(names, args, strict=False):
            made.attributes.put(name, value, None)
        for name in names:
            if name not in made.attributes and name not in table:
                value = self.member(kind, name, None, node)
                if known(value):
                    made.attributes.put(name, value, None)
        made.attributes.take(table)
        return made

    def entered(self, function: Local, args: list[Any], table: Table, node: ast.AST) -> Any:
        """Go through a function of the program with these arguments; what it returns."""
        self.called.add(id(function.node))
        if self.calling >= CALLS:
            return self.unknown(node)
        if not args and not table and function.bound is None:
            table = optioned(self, function.node, self.words, function.scope)
        scope = inner(function.scope)
        taken = [*([function.bound] if function.bound is not None else []), *args]
        self._bind(function.node.args, taken, table, scope, function.scope)
        self.calling += 1
        deep, self.deep = self.deep, 0
        try:
            if isinstance(function.node, ast.Lambda):
                return self.value(function.node.body, scope)
            return self.run(function.node.body, scope)
        finally:
            self.calling -= 1
            self.deep = deep

    def _bind(
        self, wanted: ast.arguments, args: list[Any], table: Table, scope: Scope, around: Scope
    ) -> None:
        """Set the parameters of a function: what is given, else its default, else unknown."""
        names = [arg.arg for arg in (*wanted.posonlyargs, *wanted.args)]
        defaults = dict(zip(reversed(names), reversed(wanted.defaults), strict=False))
        only = [arg.arg for arg in wanted.kwonlyargs]
        defaults |= {n: d for n, d in zip(only, wanted.kw_defaults, strict=True) if d is not None}
        given = dict(zip(names, args, strict=False))
        for name in (*names, *only):
            if name in given:
                scope[name] = given[name]
            elif name in table:
                scope[name] = table[name]
            elif name in defaults:
                scope[name] = defaulted(self.value(defaults[name], around))
            else:
                scope[name] = Unknown(name)
        if wanted.vararg:
            scope[wanted.vararg.arg] = list(args[len(names) :])
        if wanted.kwarg:
            rest = Table()
            for name, value in table.items():
                if name not in (*names, *only):
                    rest.put(name, value, table.spots.get(name))
            scope[wanted.kwarg.arg] = rest


def _annotates(item: ast.stmt) -> bool:
    return isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name)
