"""Variables that a program reads and sets."""

from __future__ import annotations

from servec.targets.shared.importing.python.values import Spot, Table, Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    import ast
    from typing import Any

    from servec.targets.shared.importing.python.expressions import Expressions


def environ_call(
    reader: Expressions, name: str, args: list[Any], table: Table, node: ast.Call
) -> Any:
    """A method of `os.environ`, or `os.getenv` as its `get`."""
    first = args[0] if args else None
    fallback = args[1] if len(args) > 1 else table.get("default")
    if name == "get" and isinstance(first, str):
        return reader.env.get(first, fallback)
    if name == "setdefault" and isinstance(first, str):
        if first not in reader.env:
            _keyed(reader, node, first, fallback)
        return reader.env.get(first, reader.unknown(node))
    if name == "pop" and isinstance(first, str):
        return reader.env.pop(first, fallback)
    if name == "update":
        for held in (first, table):
            if isinstance(held, Table):
                for key, value in held.items():
                    set_variable(reader, key, value, held.spots.get(key))
        return None
    if name == "copy":
        return Table()
    return reader.unknown(node)


def _keyed(reader: Expressions, node: ast.Call, key: str, value: Any) -> None:
    spot = reader.spot(node.args[0], node.args[1], key) if len(node.args) > 1 else None
    set_variable(reader, key, value, spot)


def set_variable(reader: Expressions, name: str, value: Any, spot: Spot | None) -> None:
    """Set a variable for what the program starts from here on; one whose value is not known is
    set to none."""
    if isinstance(value, Unknown) or not isinstance(value, (str, int)):
        reader.env.pop(name, None)
        return
    reader.env[name] = str(value)
    if spot is not None:
        reader.env_spots[name] = spot
