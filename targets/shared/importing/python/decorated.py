"""Parameters of a function or class that something else than a caller gives: options of a line."""

from __future__ import annotations

import ast

from servec.targets.shared.importing.python.parsed import Parser
from servec.targets.shared.importing.python.values import Made, Table, Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from servec.targets.shared.importing.python.expressions import Expressions, Scope

OPTIONS = ("click.option", "click.argument", "rich_click.option")
HOLDERS = ("Option", "Argument", "Field", "field", "Query", "Parameter")
"""Calls that stand where a default is and hold it: of typer, pydantic, dataclasses, fastapi."""


def defaulted(value: Any) -> Any:
    """The default that such a call holds, or the value itself."""
    if not isinstance(value, Made) or value.path.rpartition(".")[2] not in HOLDERS:
        return value
    if "default" in value.table:
        return value.table["default"]
    first = value.args[0] if value.args else None
    return Unknown("...") if first is Ellipsis or first is None else first


def optioned(walk: Expressions, node: ast.AST, words: Sequence[str], scope: Scope) -> Table:
    """What the decorators of `click` give the parameters of a function, by the program's line."""
    parser = Parser()
    for item in reversed(getattr(node, "decorator_list", [])):
        made = walk.value(item, scope) if isinstance(item, ast.Call) else None
        if isinstance(made, Made) and made.path in OPTIONS:
            if made.table.get("is_flag") is True:
                made.table.put("action", "store_true", None)
            parser.declare(made.args, made.table)
    return parser.read(words).attributes if parser.declared else Table()
