"""Dicts, lists and texts that a program writes out, and comprehensions."""

from __future__ import annotations

import ast

from servec.targets.shared.importing.python.expressions import Expressions
from servec.targets.shared.importing.python.plain import bounded
from servec.targets.shared.importing.python.scope import inner
from servec.targets.shared.importing.python.values import LONGEST, Dotted, Table, Unknown, known

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from servec.targets.shared.importing.python.expressions import Scope


class Displays(Expressions):
    """Expressions that hold others."""

    def _dict(self, node: ast.Dict, scope: Scope) -> Any:
        made = Table()
        for key, item in zip(node.keys, node.values, strict=True):
            value = self.value(item, scope)
            if key is None:
                if not isinstance(value, dict):
                    return self.unknown(node)
                made.take(value)
                continue
            name = self.value(key, scope)
            if isinstance(name, (Unknown, Dotted, list, dict)):
                return self.unknown(node)
            made.put(str(name), value, self.spot(key, item, str(name)))
        return made

    def _list(self, node: ast.List | ast.Tuple, scope: Scope) -> Any:
        made: list[Any] = []
        for item in node.elts:
            if isinstance(item, ast.Starred):
                more = self.value(item.value, scope)
                if not isinstance(more, (list, tuple)):
                    return self.unknown(node)
                made += more
            else:
                made.append(self.value(item, scope))
        return made[:LONGEST]

    _tuple = _list

    def _joinedstr(self, node: ast.JoinedStr, scope: Scope) -> Any:
        made = ""
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                if part.format_spec is not None or part.conversion != -1:
                    return self.unknown(node)
                part = part.value
            found = self.value(part, scope)
            if not isinstance(found, (str, int, float)):
                return self.unknown(node)
            made += str(found)
        return bounded(made)

    def _listcomp(self, node: ast.ListComp, scope: Scope) -> Any:
        return self._comprehended(node, scope)

    def _generatorexp(self, node: ast.GeneratorExp, scope: Scope) -> Any:
        return self._comprehended(node, scope)

    def _comprehended(self, node: ast.ListComp | ast.GeneratorExp, scope: Scope) -> Any:
        """The items of a comprehension over a known list without tests."""
        part = node.generators[0]
        many = self.value(part.iter, scope)
        simple = len(node.generators) == 1 and not part.ifs and isinstance(part.target, ast.Name)
        if not simple or not isinstance(many, (list, tuple)) or not known(many):
            self.value(node.elt, inner(scope))
            return self.unknown(node)
        assert isinstance(part.target, ast.Name)
        return [self.value(node.elt, inner(scope) | {part.target.id: item}) for item in many[:100]]
