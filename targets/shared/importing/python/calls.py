"""Calls of a program: those of its own functions are gone into, launches are kept."""

from __future__ import annotations

import ast

from servec.targets.shared.importing.python.deferred import LATER, Deferred
from servec.targets.shared.importing.python.environment import environ_call
from servec.targets.shared.importing.python.expressions import ENVIRON
from servec.targets.shared.importing.python.methods import fields_of, of_list, of_table
from servec.targets.shared.importing.python.parsed import PARSERS, Parser
from servec.targets.shared.importing.python.plain import FUNCTIONS, fetched, method, result
from servec.targets.shared.importing.python.values import (
    Dotted,
    Local,
    Made,
    Table,
    Unknown,
    constant,
    known,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from servec.targets.shared.importing.python.expressions import Scope
    from servec.targets.shared.importing.python.page import Page

LINES = 256
"""Commands of a program that are kept."""
FIELDS = ("dataclasses.asdict", "asdict", "vars", "dict", "copy.deepcopy", "copy.copy")
DEVICES = ("torch.cuda.device_count", "cuda.device_count", "device_count")
RUNNERS = (
    *("subprocess.Popen", "subprocess.run", "subprocess.call", "subprocess.check_call"),
    *("subprocess.check_output", "os.system", "os.popen", "os.execvp", "pexpect.spawn"),
    *("asyncio.create_subprocess_exec", "asyncio.create_subprocess_shell"),
    *("sglang.utils.execute_shell_command", "sglang.utils.launch_server_cmd"),
    *("sglang.test.doc_patch.launch_server_cmd", "sglang.test.test_utils.launch_server_cmd"),
)
"""What starts another program, whose words are its first argument, or all of them."""


class Calls(Deferred):
    """`lines`: the commands that the program starts, with the variables that they see."""

    def __init__(
        self, page: Page, env: dict[str, str], words: Sequence[str] = (), devices: int = 0
    ) -> None:
        """`words`: those of the program's line; `devices`: of the machine, 0 where unknown."""
        super().__init__(page, env)
        self.words, self.devices = tuple(words), devices
        self.lines: list[tuple[list[str] | str, dict[str, str]]] = []

    def call(self, node: ast.Call, scope: Scope) -> Any:
        """The value of a call."""
        held: Any = None
        if isinstance(node.func, ast.Attribute):
            held = self.value(node.func.value, scope)
            if isinstance(held, (str, list, Table, Parser)):
                return self._method(held, node.func.attr, node, scope)
            if isinstance(held, Made) and node.func.attr not in held.table:
                return self._of_made(held, node.func.attr, node, scope)
            if isinstance(held, (Local, Dotted)) and _defers(held, node.func.attr):
                return self.later(held, node.func.attr, *self._arguments(node, scope))
        function = self.value(node.func, scope)
        given = self._arguments(node, scope)
        if isinstance(function, (Local, Dotted, Made)):
            found = self.applied(function, *given)
            if found is not None or not isinstance(function, Made):
                return found
        return self.kept(f"?.{_last(node.func)}", *given)

    def _arguments(self, node: ast.Call, scope: Scope) -> tuple[list[Any], Table, ast.Call, bool]:
        """What stands without a keyword, the keywords, and whether those are all known by name."""
        args: list[Any] = []
        table, whole = Table(), True
        for item in node.args:
            value = self.value(item, scope)
            if not isinstance(item, ast.Starred):
                args.append(value)
            elif isinstance(value, (list, tuple)):
                args += value
            else:
                whole = False
        for word in node.keywords:
            value = self.value(word.value, scope)
            if word.arg is not None:
                table.put(word.arg, value, self.spot(word, word.value, word.arg + "="))
            elif isinstance(value, dict):
                table.take(value)
                table.maker = getattr(value, "maker", None) or table.maker
            else:
                whole = False
        return args, table, node, whole

    def named(self, path: str, args: list[Any], table: Table, node: ast.Call, whole: bool) -> Any:
        """A call of what is no part of the program."""
        bare = path.removeprefix("builtins.")
        if bare in FIELDS and len(args) == 1:
            return fields_of(args[0], self.unknown(node))
        if bare == "dict" and not args:
            return table
        if bare in FUNCTIONS and not table and all(map(constant, args)):
            return result(bare, args)
        if bare in ("os.getenv", "getenv"):
            return environ_call(self, "get", args, table, node)
        environ, _, name = path.rpartition(".")
        if environ in ENVIRON:
            return environ_call(self, name, args, table, node)
        return self._elsewhere(path, args, table, node, whole)

    def _elsewhere(
        self, path: str, args: list[Any], table: Table, node: ast.Call, whole: bool
    ) -> Any:
        """A call of another package."""
        if path.endswith(DEVICES) and self.devices:
            return self.devices
        if path in PARSERS or path.endswith(".ArgumentParser"):
            return Parser()
        if path.endswith(".add_cli_args") and args and isinstance(args[0], Parser):
            return args[0]
        brought = fetched(path, dict(table), args) or fetched(_hub(path), dict(table), args)
        if brought:
            return brought
        if path in RUNNERS or f"sglang.utils.{path}" in RUNNERS or f"subprocess.{path}" in RUNNERS:
            self._started(args)
        found = self.elsewhere(path, args, table, node)
        return found or self.kept(path, args, table, node, whole)

    def _started(self, args: list[Any]) -> None:
        """A command that the program starts."""
        first = args[0] if args else None
        if isinstance(first, str) and len(args) > 1 and all(isinstance(a, str) for a in args):
            first = list(args)
        if isinstance(first, str) or (isinstance(first, list) and first):
            told = first if isinstance(first, str) else [_word(item) for item in first]
            if len(self.lines) < LINES:
                self.lines.append((told, dict(self.env)))

    def _method(self, held: Any, name: str, node: ast.Call, scope: Scope) -> Any:
        """A method of a text, a list, a dict or a parser."""
        args, table, _, whole = self._arguments(node, scope)
        if isinstance(held, Parser):
            return self._of_parser(held, name, args, table, node)
        if isinstance(held, Table):
            return of_table(held, name, args, table, whole, self.unknown(node))
        if isinstance(held, list):
            return of_list(held, name, args, self.unknown(node))
        if not all(map(constant, (*args, *table.values()))):
            return self.unknown(node)
        return method(held, name, args, dict(table))

    def _of_parser(
        self, held: Parser, name: str, args: list[Any], table: Table, node: ast.Call
    ) -> Any:
        if name in ("add_argument_group", "add_mutually_exclusive_group"):
            return held
        if name == "add_argument":
            held.declare(args, table)
            return None
        if name in ("parse_args", "parse_known_args"):
            given = args[0] if args and isinstance(args[0], list) and known(args[0]) else self.words
            found = held.read([str(word) for word in given])
            return [found, list(found.rest)] if name == "parse_known_args" else found
        if name == "set_defaults":
            for key, value in table.items():
                held.declare([f"--{key}"], _default(value))
        return self.unknown(node)

    def _of_made(self, held: Made, name: str, node: ast.Call, scope: Scope) -> Any:
        """A method of what a call made: its own full name stays before it."""
        args, table, _, whole = self._arguments(node, scope)
        path = f"{held.path}().{name}"
        return self.elsewhere(path, args, table, node) or self.kept(path, args, table, node, whole)


def _defers(held: Local | Dotted, name: str) -> bool:
    """Whether a method calls what it is of; the module `ray` has a function of that name."""
    return name in ("options", *LATER) and getattr(held, "path", "") != "ray"


def _last(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else "call"


def _hub(path: str) -> str:
    """A download by its bare name, as where the import is left out."""
    return f"huggingface_hub.{path}" if "." not in path else path


def _word(item: Any) -> str:
    if isinstance(item, (Unknown, Dotted)):
        return "${" + getattr(item, "text", getattr(item, "path", "")) + "}"
    return str(item) if isinstance(item, (str, int, float)) else "${...}"


def _default(value: Any) -> Table:
    made = Table()
    made.put("default", value, None)
    return made
