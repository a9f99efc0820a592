"""Calls that are made elsewhere or later: of actors, of processes, of what is filled in before."""

from __future__ import annotations

from abc import abstractmethod

from servec.targets.shared.importing.python.functions import Functions
from servec.targets.shared.importing.python.values import Dotted, Local, Made, Table

TYPE_CHECKING = False
if TYPE_CHECKING:
    import ast
    from typing import Any

LATER = ("remote", "bind")
"""Methods by which an actor's class, a deployment or a task is called with what stands in them."""
FILLED = ("functools.partial", "partial")
WRAPPERS = ("ray.remote", "serve.deployment", "ray.serve.deployment")
PROCESSES = ("Process", "Thread")
SPAWNERS = ("multiprocessing.spawn", "mp.spawn")


class Deferred(Functions):
    """What a program calls by way of something else."""

    @abstractmethod
    def named(self, path: str, args: list[Any], table: Table, node: ast.Call, whole: bool) -> Any:
        """A call of what is no part of the program."""

    def later(
        self, held: Any, name: str, args: list[Any], table: Table, node: ast.Call, whole: bool
    ) -> Any:
        """`held.options(…)`, which is what it is of, and `held.remote(…)`, which calls that."""
        if name == "options":
            return held
        return self.applied(held, args, table, node, whole)

    def applied(
        self, function: Any, args: list[Any], table: Table, node: ast.Call, whole: bool
    ) -> Any:
        """A call of a value, None where that is nothing to call."""
        if isinstance(function, Local):
            return self.own(function, args, table, node)
        if isinstance(function, Dotted):
            return self.named(function.path, args, table, node, whole)
        if not isinstance(function, Made):
            return None
        if function.path in FILLED and function.args:
            every = function.table.copied()
            every.take(table)
            first, *before = function.args
            return self.applied(first, [*before, *args], every, node, whole and function.whole)
        if function.path in WRAPPERS and not function.args and args:
            return args[0]
        return None

    def elsewhere(self, path: str, args: list[Any], table: Table, node: ast.Call) -> Any:
        """What another thread or process is to call, and what stands for what it wraps; None for
        anything else."""
        first, last = args[0] if args else None, path.rpartition(".")[2]
        if path in WRAPPERS and isinstance(first, (Local, Dotted)):
            return first
        target, given = table.get("target"), table.get("kwargs")
        if last in PROCESSES and isinstance(target, Local):
            words = given if isinstance(given, Table) else Table()
            self.own(target, _listed(table.get("args")), words, node)
        elif path.endswith(SPAWNERS) and isinstance(first, Local):
            self.own(first, [0, *_listed(table.get("args"))], Table(), node)
        elif last == "submit" and isinstance(first, Local):
            self.own(first, args[1:], table, node)
        return None


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else []
