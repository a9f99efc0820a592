"""The launches of a program, as commands of their runtimes."""

from __future__ import annotations

import json

from servec.dsl.record import replace
from servec.targets.shared.importing.container import launches, script_launches
from servec.targets.shared.importing.program import Command
from servec.targets.shared.importing.python.bound import Keyword, bound, plain, variables
from servec.targets.shared.importing.python.expressions import TooLong
from servec.targets.shared.importing.python.known import called, documents, keywords_of
from servec.targets.shared.importing.python.page import page_of
from servec.targets.shared.importing.python.refused import refused, there_is, unfit
from servec.targets.shared.importing.python.spawned import WHY, imported_again
from servec.targets.shared.importing.python.values import Instance, Made, Table, Unknown
from servec.targets.shared.importing.python.walk import Walk
from servec.targets.shared.importing.python.words import Dialect
from servec.targets.shared.importing.python.written import Argument, Written

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from servec.targets.shared.importing.python.known import Call
    from servec.targets.shared.importing.python.values import Spot

MODEL = ("model", "model-path", "hf-repo", "model-id")
CONFIG = "program.json"
"""What the file is called that holds what a runtime is told by its options file alone."""
FROM_LINE = ".from_cli_args"


def python_commands(
    text: str,
    name: str,
    env: Mapping[str, str],
    named: tuple[str, str] = ("", ""),
    words: Sequence[str] = (),
    devices: int = 0,
) -> tuple[Command, ...]:
    """What the program in a file starts, in order; `ValueError` where it is no Python.

    `named`: the runtime and the version that are asked for; `words`: those of the program's line;
    `devices`: how many the machine has, 0 where that is not stated.
    """
    page = page_of(text, name)
    page.name = {"-": "<stdin>"}.get(name, name)
    if name.lower().endswith(".ipynb"):
        page.name = f"{name} (code)"
    found: tuple[Command, ...] = ()
    for every in (False, True):
        walk = Walk(page, dict(env), words, devices)
        try:
            walk.program(every)
        except TooLong:
            if not walk.made:
                raise ValueError("it has more steps than are gone through") from None
        found = (*_constructed(walk, named), *_started(walk))
        if found:
            return found
    if page.wrong is not None:
        raise ValueError(f"line {page.wrong[0]} is no Python: {page.wrong[1]}")
    return found


def _started(walk: Walk) -> Iterator[Command]:
    """The launches among the commands that the program starts itself."""
    for told, env in walk.lines:
        if isinstance(told, str):
            yield from script_launches(told, env)
        else:
            yield from launches(told, env)


def _constructed(walk: Walk, named: tuple[str, str]) -> Iterator[Command]:
    """The launches that are calls, without those whose keywords another takes over."""
    told: list[tuple[Made, Call]] = []
    used: set[int] = set()
    for made in walk.made:
        item = _called(made, named[0])
        if item is not None:
            told.append((made, item))
            if made.table.maker is not None:
                used.add(id(made.table.maker))
    seen: set[tuple[int, str]] = set()
    again = _again(walk, [item for _, item in told])
    for made, item in told:
        if id(made) not in used:
            one = _command(walk, made, item, named[1] if named[0] == item.runtime else "")
            at = (made.node.lineno, made.node.col_offset)
            if one.written and at in again and _spawns(item):
                call = f"{item.name}(…) where it is imported"
                strange = (*one.written.strange, (call, WHY))
                one = replace(one, written=replace(one.written, strange=strange))
            key = (id(made.node), repr((one.words, one.env)))
            if key not in seen:
                seen.add(key)
                yield one


def _spawns(item: Call) -> bool:
    return item.name in documents()[item.runtime].get("spawned", ())


def _again(walk: Walk, calls: Sequence[Call]) -> frozenset[tuple[int, int]]:
    """Where the calls stand that workers would make again; of a file of Python alone."""
    spawns = walk.page.name.lower().endswith(".py") and any(map(_spawns, calls))
    return imported_again(walk.page) if spawns else frozenset()


def _called(made: Made, hint: str) -> Call | None:
    """The row of a call; of one that takes the program's line, with the arguments of that."""
    path = made.path
    if path.endswith(FROM_LINE):
        item = called(path.removesuffix(FROM_LINE), {}, hint)
        args = made.args[0] if made.args else None
        if item is None or not isinstance(args, Instance):
            return None
        takes = keywords_of(item, "")
        table = Table()
        for key, value in args.attributes.items():
            if (takes is None or key in takes.spans) and value is not None:
                table.put(key, value, args.attributes.spots.get(key))
        made.table, made.args = table, []
        return item
    return called(path, made.table, hint)


def _command(walk: Walk, made: Made, item: Call, version: str) -> Command:
    """A call as the command that would start the same."""
    speak = Dialect(item.runtime, version)
    reading = _Reading(walk, item, speak, version)
    for keyword in bound(made, item):
        reading.take(keyword)
    env = {**made.env, **variables(made, item)}
    for name, spot in walk.env_spots.items():
        if name in env:
            reading.mark(f"env.{name}", name, env[name], spot)
    start = walk.page.at(made.node.lineno, made.node.col_offset)
    end = walk.page.at(made.node.func.end_lineno or 1, made.node.func.end_col_offset or 0)
    page = walk.page
    written = Written(
        page.name,
        page.data,
        item.name,
        start,
        end,
        reading.arguments,
        tuple(reading.left),
        tuple(reading.strange),
    )
    words, files = reading.words()
    program = (str(item.row.get("paths", (item.name,))[0]),)
    return Command(
        item.runtime, words, env, files=files, program=program, given=words, written=written
    )


class _Reading:
    """The words of a command while its call is gone through."""

    def __init__(self, walk: Walk, item: Call, speak: Dialect, version: str) -> None:
        self.walk, self.item, self.speak, self.version = walk, item, speak, version
        self.model = ""
        self.said: list[str] = []
        self.filed: dict[str, Any] = {}
        self.arguments: dict[str, Argument] = {}
        self.left: list[tuple[str, str]] = []
        self.strange: list[tuple[str, str]] = []
        self.held = documents()[item.runtime]

    def take(self, keyword: Keyword) -> None:
        """Add a keyword to the words, or to what is not understood."""
        name = self.held.get("names", {}).get(keyword.name, keyword.name)
        option = self.speak.option(name)
        key = option.name if option is not None else name.replace("_", "-")
        value = plain(keyword.value, self.item.runtime)
        value = self._worded(keyword.name, value)
        if isinstance(value, Unknown):
            self.mark(key, keyword.typed, value.text, keyword.spot)
            self.left.append((keyword.typed, value.text))
            if key in MODEL and not self.model:
                self.model = "${" + value.text.replace("}", "") + "}"
            return
        self.mark(key, keyword.typed, value, keyword.spot)
        if key in MODEL:
            self.model = value if isinstance(value, str) else self.model
            if key == "hf-repo" and self.model:
                self.said += ("--hf-repo", self.model)
            return
        why, there = refused(keyword, name, self.speak, self.version)
        why = why or unfit(self.item, keyword.name, value, self.version)
        if why:
            self.strange.append((keyword.typed, why))
        elif there and not there_is(self.speak, name):
            self._say(name, True if value in (None, False) else value)
        elif there and value is not None:
            self._say(name, value)

    def _say(self, name: str, value: Any) -> None:
        option, flag = self.speak.option(name), self.speak.flag(name)
        own = name.replace("_", "-")
        if option is None and self.item.row.get("filed"):
            self.filed[name] = value
        elif option is not None and option.file and self.speak.option("config") is not None:
            self.filed[option.name.replace("-", "_")] = value
        else:
            self.said += self.speak.words(flag or f"--{own}", option, value)

    def _worded(self, name: str, value: Any) -> Any:
        """A value by the runtime's word for it, where the constructor has another."""
        words = self.held.get("values", {}).get(name, {})
        known = not isinstance(value, (Unknown, list, dict))
        return words.get(str(value), value) if known else value

    def mark(self, key: str, typed: str, value: Any, spot: Spot | None) -> None:
        """Keep where an argument stands."""
        if spot is None:
            return
        text = self.walk.page.data.encode()[spot.value : spot.value_end].decode("utf-8", "replace")
        constant = _constant(text, value)
        shown = text if constant else _shown(value)
        found = Argument(typed, shown, spot.start, spot.end, spot.value, constant)
        self.arguments[key] = found
        if key in MODEL:
            self.arguments["model"] = found

    def words(self) -> tuple[tuple[str, ...], dict[str, str]]:
        """The words of the command, and the options file that they name, by its path."""
        table, head = self.speak.table, []
        if self.model and "--hf-repo" not in self.said:
            option = next(filter(None, map(table.option, MODEL)), None)
            flag = option.long if option is not None else "--model"
            head = [self.model] if table.positional else [flag, self.model]
        flag = self.speak.flag("config")
        if not self.filed or not flag:
            return (*head, *self.said), {}
        return (*head, *self.said, flag, CONFIG), {CONFIG: json.dumps(self.filed)}


def _constant(text: str, value: Any) -> bool:
    from ast import literal_eval

    try:
        return len(text) < 1000 and bool(literal_eval(text) == value)
    except (ValueError, SyntaxError, MemoryError, RecursionError, TypeError):
        return False


def _shown(value: Any) -> str:
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
