"""What an expression of a program is, as far as that is known without running it.

Constants, tuples and lists stand for themselves; a dict is a `Table`, which knows where its keys
stand in the file.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import ast
    from collections.abc import Mapping
    from typing import Any

LONGEST = 10_000
"""Characters of a text, and items of a list, that are made of others."""


class Unknown:
    """What is known only when the program runs. `text`: how the program says it."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        """An expression, cut where it is long."""
        self.text = text


class Dotted:
    """A module, or something in one that is not known further: `torch.float16`."""

    __slots__ = ("path",)

    def __init__(self, path: str) -> None:
        """Its full name."""
        self.path = path


class Spot:
    """Where an argument stands, as byte offsets: from its name to its end, and its value alone."""

    __slots__ = ("end", "name", "start", "value", "value_end")

    def __init__(self, start: int, end: int, value: int, value_end: int, name: str) -> None:
        """`name`: as it is written, with what joins it to its value; "" for a bare value."""
        self.start, self.end = start, end
        self.value, self.value_end, self.name = value, value_end, name


class Table(dict[str, "Any"]):
    """A dict, or the keywords of a call, with the `spots` of its keys."""

    __slots__ = ("maker", "spots")

    def __init__(self) -> None:
        """Empty; `maker`: the call whose keywords these are."""
        super().__init__()
        self.spots: dict[str, Spot] = {}
        self.maker: Made | None = None

    def put(self, key: str, value: Any, spot: Spot | None) -> None:
        """Set a key; its place is that of the last time it is said."""
        self[key] = value
        self.spots.pop(key, None)
        if spot is not None:
            self.spots[key] = spot

    def take(self, other: Mapping[str, Any]) -> None:
        """Set all that another says."""
        spots = other.spots if isinstance(other, Table) else {}
        for key, value in other.items():
            self.put(str(key), value, spots.get(key))

    def copied(self) -> Table:
        """Another of the same."""
        made = Table()
        made.take(self)
        made.maker = self.maker
        return made


class Made:
    """What a call makes that is of no class of the program: its keywords, and what it stood on.

    `path`: the full name of what is called, `args` what stood there without a keyword.
    """

    __slots__ = ("args", "env", "node", "path", "positions", "rest", "table", "whole")

    def __init__(self, path: str, args: list[Any], table: Table, node: ast.Call) -> None:
        """`whole`: whether all its arguments are known by name; `positions`: where those without
        a keyword stand; `rest`: words of the program's line that it reads itself."""
        self.path, self.args, self.table, self.node = path, args, table, node
        self.env: dict[str, str] = {}
        self.positions: dict[int, Spot] = {}
        self.whole = True
        self.rest: tuple[str, ...] = ()


class Local:
    """A function or class of the program, `bound` to an instance where it is a method."""

    __slots__ = ("bound", "node", "scope")

    def __init__(self, node: Any, scope: dict[str, Any], bound: Instance | None = None) -> None:
        """`scope`: the names that it sees around it."""
        self.node, self.scope, self.bound = node, scope, bound


class Instance:
    """Something with attributes: of a class of the program, or the arguments of its line."""

    __slots__ = ("attributes", "kind", "rest")

    def __init__(self, kind: Local | None = None) -> None:
        """`rest`: the words of the line that are none of the program's own."""
        self.kind = kind
        self.attributes = Table()
        self.rest: tuple[str, ...] = ()


def known(value: Any) -> bool:
    """Whether all of a value is known."""
    if isinstance(value, Table):
        return all(map(known, value.values()))
    if isinstance(value, (list, tuple)):
        return all(map(known, value))
    return not isinstance(value, (Unknown, Local, Instance))


def constant(value: Any) -> bool:
    """Whether a value is made of texts, numbers, lists and dicts alone."""
    if isinstance(value, Table):
        return all(map(constant, value.values()))
    if isinstance(value, (list, tuple)):
        return all(map(constant, value))
    return isinstance(value, (str, int, float, type(None)))
