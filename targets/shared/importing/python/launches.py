"""The launches of a program, as commands of their runtimes."""

from __future__ import annotations

from servec.dsl.record import replace
from servec.targets.shared.importing.manifests.container import launches, script_launches
from servec.targets.shared.importing.programs.program import Command
from servec.targets.shared.importing.python.bound import bound, variables
from servec.targets.shared.importing.python.expressions import TooLong
from servec.targets.shared.importing.python.known import called, documents, keywords_of
from servec.targets.shared.importing.python.page import page_of
from servec.targets.shared.importing.python.reading import Reading
from servec.targets.shared.importing.python.spawned import WHY, imported_again
from servec.targets.shared.importing.python.values import Instance, Made, Table
from servec.targets.shared.importing.python.walk import Walk
from servec.targets.shared.importing.python.words import Dialect
from servec.targets.shared.importing.python.written import Source, Written

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from servec.targets.shared.importing.python.known import Call

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
            told = (text, name, dict(env), tuple(words), devices, named[1])
            return tuple(_sourced(item, Source(at, *told)) for at, item in enumerate(found))
    if page.wrong is not None:
        raise ValueError(f"line {page.wrong[0]} is no Python: {page.wrong[1]}")
    return found


def for_release(item: Command, version: str) -> Command:
    """A launch of a program as a release that was stated is told it."""
    source = item.written.source if item.written is not None else None
    if source is None or source.version == version:
        return item
    named, line = (item.runtime, version), (source.words, source.devices)
    found = python_commands(source.text, source.name, source.env, named, *line)
    return found[source.place] if source.place < len(found) else item


def _sourced(item: Command, source: Source) -> Command:
    if item.written is None or item.written.source is not None:
        return item
    return replace(item, written=replace(item.written, source=source))


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
        made.table, made.args, made.rest = table, [], args.rest
        return item
    return called(path, made.table, hint)


def _spread(walk: Walk, made: Made) -> list[tuple[str, str]]:
    """The keywords of a call that are known all together or not at all: `**kwargs`."""
    said = [walk.page.said(word.value) for word in made.node.keywords if word.arg is None]
    return [(f"**{text[:40]}", text) for text in said or ("...",)]


def _command(walk: Walk, made: Made, item: Call, version: str) -> Command:
    """A call as the command that would start the same."""
    speak = Dialect(item.runtime, version)
    reading = Reading(walk, item, speak, version)
    keywords = bound(made, item)
    reading.given = {keyword.name: keyword.value for keyword in keywords}
    for keyword in keywords:
        reading.take(keyword)
    if not made.whole:
        reading.left += _spread(walk, made)
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
    words = (*words, *made.rest)
    program = (str(item.row.get("paths", (item.name,))[0]),)
    return Command(
        item.runtime, words, env, files=files, program=program, given=words, written=written
    )
