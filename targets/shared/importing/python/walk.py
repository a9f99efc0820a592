"""Goes through the statements of a program in order; nothing of it is run.

Where a test is not known both ways are gone, and what they leave unlike is not known. Functions
that nothing calls are gone through at the end, with the defaults of their parameters.
"""

from __future__ import annotations

import ast

from servec.targets.shared.importing.python.environment import set_variable
from servec.targets.shared.importing.python.expressions import ENVIRON
from servec.targets.shared.importing.python.flow import Flow, Returned
from servec.targets.shared.importing.python.operators import computed
from servec.targets.shared.importing.python.scope import look
from servec.targets.shared.importing.python.values import (
    Dotted,
    Instance,
    Local,
    Made,
    Spot,
    Table,
    Unknown,
    constant,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from servec.targets.shared.importing.python.expressions import Scope

ALIASES = {"sgl": "sglang"}
"""What modules are called where nothing imports them."""


class Walk(Flow):
    """The whole of a program."""

    def program(self, every: bool = False, name: str = "__main__") -> None:
        """Go through it all; with `every` what only follows an error as well. `name`: that of the
        module; one that is imported calls nothing that it does not call itself."""
        self.every = every
        scope: Scope = {"__name__": name}
        scope.update({name: Dotted(path) for name, path in ALIASES.items()})
        for tree in self.page.trees:
            self.run(tree.body, scope)
        if name == "__main__":
            self._uncalled(scope)

    def _uncalled(self, scope: Scope) -> None:
        """The functions and classes that nothing called."""
        for value in list(scope.values()):
            if not isinstance(value, Local) or id(value.node) in self.called:
                continue
            if isinstance(value.node, ast.ClassDef):
                made = self.built(value, [], Table(), value.node)
                for item in value.node.body:
                    own = isinstance(item, (ast.FunctionDef, ast.AsyncFunctionDef))
                    if own and id(item) not in self.called:
                        bound = made if isinstance(made, Instance) else None
                        self.entered(Local(item, value.scope, bound), [], Table(), item)
            elif not isinstance(value.node, ast.Lambda):
                self.entered(value, [], Table(), value.node)

    def run(self, body: Sequence[ast.stmt], scope: Scope) -> Any:
        """Go through statements; the value that they return, None for none."""
        found = self.block(body, scope)
        return found.value if isinstance(found, Returned) else None

    def block(self, body: Sequence[ast.stmt], scope: Scope) -> Returned | None:
        """Go through statements up to one that returns."""
        for item in body:
            way = getattr(self, "_on_" + type(item).__name__.lower(), None)
            if way is None:
                self._plain(item, scope)
            elif (found := way(item, scope)) is not None:
                return found  # type: ignore[no-any-return]
        return None

    def _plain(self, item: ast.stmt, scope: Scope) -> None:
        for child in ast.iter_child_nodes(item):
            if isinstance(child, ast.expr):
                self.value(child, scope)

    def _on_return(self, item: ast.Return, scope: Scope) -> Returned:
        return Returned(self.value(item.value, scope))

    def _on_raise(self, item: ast.Raise, scope: Scope) -> Returned:
        return Returned(self.unknown(item))

    def _on_import(self, item: ast.Import, scope: Scope) -> None:
        for name in item.names:
            first = name.name.partition(".")[0]
            scope[name.asname or first] = Dotted(name.name if name.asname else first)

    def _on_importfrom(self, item: ast.ImportFrom, scope: Scope) -> None:
        for name in item.names:
            if name.name != "*" and not item.level:
                scope[name.asname or name.name] = Dotted(f"{item.module}.{name.name}")

    def _on_functiondef(self, item: ast.FunctionDef, scope: Scope) -> None:
        scope[item.name] = Local(item, scope)

    _on_asyncfunctiondef = _on_functiondef
    _on_classdef = _on_functiondef

    def _on_assign(self, item: ast.Assign, scope: Scope) -> None:
        value = self.value(item.value, scope)
        for target in item.targets:
            self.assign(target, value, item.value, scope)

    def _on_annassign(self, item: ast.AnnAssign, scope: Scope) -> None:
        if item.value is not None:
            self.assign(item.target, self.value(item.value, scope), item.value, scope)

    def _on_augassign(self, item: ast.AugAssign, scope: Scope) -> None:
        left, right = self.value(item.target, scope), self.value(item.value, scope)
        made: Any = self.unknown(item.value)
        if constant(left) and constant(right):
            try:
                made = computed(type(item.op), left, right)
            except ValueError:
                made = self.unknown(item.value)
        self.assign(item.target, made, item.value, scope)

    def assign(self, target: ast.expr, value: Any, said: ast.expr, scope: Scope) -> None:
        """Set what stands on the left of an assignment."""
        if isinstance(target, ast.Name):
            scope[target.id] = value
        elif isinstance(target, (ast.Tuple, ast.List)):
            fits = isinstance(value, (list, tuple)) and len(value) == len(target.elts)
            for at, each in enumerate(target.elts):
                self.assign(each, value[at] if fits else self.unknown(said), said, scope)
        elif isinstance(target, ast.Attribute):
            held = self.value(target.value, scope)
            spot = self._spot(target, said, target.attr)
            if isinstance(held, (Instance, Made)):
                holder = held.attributes if isinstance(held, Instance) else held.table
                holder.put(target.attr, value, spot)
        elif isinstance(target, ast.Subscript):
            self._set_item(target, value, said, scope)

    def _set_item(self, target: ast.Subscript, value: Any, said: ast.expr, scope: Scope) -> None:
        held, key = self.value(target.value, scope), self.value(target.slice, scope)
        if not isinstance(key, str):
            return
        spot = self._spot(target.slice, said, key)
        if isinstance(held, Table):
            held.put(key, value, spot)
        elif isinstance(held, Dotted) and held.path in ENVIRON:
            set_variable(self, key, value, spot)

    def _spot(self, target: ast.expr, said: ast.expr, name: str) -> Spot:
        found = self.spot(target, said, name)
        if isinstance(target, ast.Attribute):
            end = self.page.at(target.end_lineno or 1, target.end_col_offset or 0)
            found.start = end - len(target.attr.encode())
        return found

    def _on_expr(self, item: ast.Expr, scope: Scope) -> None:
        self.value(item.value, scope)

    def _on_pass(self, item: ast.Pass, scope: Scope) -> None:
        magic = self.page.magic.get(item.lineno, "")
        if magic.startswith("!"):
            self.lines.append((magic[1:].strip(), dict(self.env)))
        words = magic.split(None, 1)
        if len(words) == 2 and words[0] in ("%env", "%set_env"):
            name, _, value = words[1].replace(" ", "=", 1 - ("=" in words[1])).partition("=")
            set_variable(self, name.strip(), value.strip(), None)

    def _on_delete(self, item: ast.Delete, scope: Scope) -> None:
        for target in item.targets:
            if isinstance(target, ast.Subscript):
                held, key = self.value(target.value, scope), self.value(target.slice, scope)
                if isinstance(held, Table) and isinstance(key, str):
                    held.pop(key, None)
                elif isinstance(held, Dotted) and held.path in ENVIRON:
                    self.env.pop(str(key), None)
            elif isinstance(target, ast.Name):
                scope.pop(target.id, None)

    def _on_global(self, item: ast.Global, scope: Scope) -> None:
        for name in item.names:
            try:
                scope[name] = look(scope, name)
            except KeyError:
                scope[name] = Unknown(name)
