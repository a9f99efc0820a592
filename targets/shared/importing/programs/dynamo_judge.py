"""What the parsers of programs around an engine refuse: Dynamo's workers and its frontend.

A worker's parser takes Dynamo's flags, by release, and hands the rest to the engine's. That of vLLM
has the options of the engine alone, not those of its server; TensorRT-LLM's worker takes no other
word than its own. A release of Dynamo is known by the engine that it was made for; an
engine that lies between two is given what either has.
"""

from __future__ import annotations

from servec.targets.shared.importing.programs.dynamo import (
    DOTTED,
    PREFIX,
    parts,
    row_of,
    said_of,
    tables,
)
from servec.targets.shared.importing.programs.dynamo_engine import engine_file
from servec.targets.shared.importing.programs.listed import alone, gone, named
from servec.targets.shared.importing.programs.program import head_of
from servec.targets.shared.past.spans import holds

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from servec.compiler.options.table import OptionTable
    from servec.targets.shared.importing.programs.program import Command


def worker_troubles(item: Command, table: OptionTable, version: str) -> Iterator[tuple[str, str]]:
    """Each word of a line that the parser of its program refuses, with the reason.

    None of a line that starts the runtime's own server.
    """
    if item.written is not None:
        yield from item.written.strange
    if " " in item.entry:
        why = "one word is the program's name: a list has one word to an item"
        yield " ".join(item.entry.split()[:3]), why
    elif ":" in item.entry:
        why = f"the parser of {item.entry} wants what to do first: --server, --run or --bench"
        yield item.program[0], why
    elif item.entry:
        why = f"the parser gets it behind the entry point of {item.entry}: leave the program out"
        yield item.program[0] if item.program else "a program", why
    program = head_of(item.program[-1:])[0]
    runtime, words = item.runtime, item.given
    if program.startswith(PREFIX):
        yield from _own(runtime, words, releases(runtime, version))
        if runtime == "trtllm":
            yield from engine_file(item, version)
        words = tuple(word for flag, each, _ in parts(runtime, words) if not flag for word in each)
        if runtime == "trtllm":
            yield from _foreign(words)
    yield from _module(program, words, version)
    if program in alone():
        yield from _server(table, words, program, version)


def _module(program: str, words: Sequence[str], version: str) -> Iterator[tuple[str, str]]:
    """A module that a release does not have any more, and a model said to one by position."""
    if program in gone() and version and not holds(f"..{gone()[program]}", version):
        yield program, f"the last release with this module is {gone()[program]}"
    plain = [word[0] not in "-$<{[" for word in words[:2] if word]
    if program in named() and plain in ([True], [True, False]):
        why = "the module takes the model as --model: a word alone is refused or passed over"
        yield words[0], why


def front_troubles(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    """What the frontend refuses, whatever its release."""
    for flag, values, _ in parts("frontend", words):
        if not flag and values[0].startswith("--"):
            yield values[0], "the parser of the frontend has no such option in any release"
    yield from _own("frontend", words, tuple(tables()["versions"]))


def releases(runtime: str, version: str) -> tuple[str, ...]:
    """The releases of Dynamo that a version of the engine may be inside of."""
    from servec.compiler.options.versions import order

    every, pins = tables()["versions"], tables()["engines"][runtime]
    if not version:
        return tuple(every)
    if version == "main":
        return tuple(every[-2:])
    same = tuple(name for name in every if pins[name] == version)
    if same:
        return same
    below = [at for at, name in enumerate(every) if order(pins[name]) <= order(version)]
    last = below[-1] if below else 0
    return tuple(every[max(last - 1, 0) : last + 2])


def _own(program: str, words: Sequence[str], among: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Flags and values that none of these releases has, and what each of them refuses."""
    given: dict[str, tuple[str, ...]] = {}
    for flag, values, _ in parts(program, words):
        if flag.startswith(DOTTED):
            given[DOTTED] = values
            continue
        if not flag:
            name, equals, value = values[0].partition("=")
            given[name] = (value,) if equals else ()
            continue
        given[flag] = values
        found = row_of(program, flag)
        if found is None:
            continue
        there, kind, *lists = found[1]
        if not any(holds(there, release) for release in among):
            yield flag, f"the parser of Dynamo {among[0]} to {among[-1]} has it not, but {there}"
            continue
        yield from _values(flag, values, kind, lists, among)
    given.update({f"{flag}={values[0]}": () for flag, values in given.items() if values})
    for row in said_of()["refuses"]:
        lies = f"{row.get('since', '')}..{row.get('until', '')}"
        if row["worker"] != program or not all(holds(lies, release) for release in among):
            continue
        without = row.get("without", ())
        if all(flag in given for flag in row["with"]) and not any(f in given for f in without):
            where = f"Dynamo {among[0]}" if len(among) == 1 else "Dynamo"
            yield row["with"][0].partition("=")[0], f"{where}: {row['why']}"


def _values(
    flag: str,
    values: Sequence[str],
    kind: str,
    lists: Sequence[tuple[str, list[str]]],
    among: Sequence[str],
) -> Iterator[tuple[str, str]]:
    """A value that is missing, or that no release among them lists."""
    if kind == "word" and not values:
        yield flag, "its value is missing"
    told = [members for there, members in lists if any(holds(there, name) for name in among)]
    stated = [name for name in among if any(holds(there, name) for there, _ in lists)]
    if kind == "switch" or not told or len(stated) < len(among):
        return
    taken = list(dict.fromkeys(str(member) for members in told for member in members))
    for value in values:
        if value not in taken:
            yield f"{flag} {value}", f"one of {', '.join(taken)}"


def _server(
    table: OptionTable, words: Sequence[str], program: str, version: str
) -> Iterator[tuple[str, str]]:
    """Options of the server that its engine has not, and a model by position."""
    since, server = alone()[program]
    if since and version and not holds(f"{since}..", version):
        return
    listens = ": dynamo.frontend listens" if program.startswith(PREFIX) else ""
    for at, word in enumerate(words):
        flag = word.partition("=")[0]
        found = table.flag(flag.replace("_", "-"))
        spoken = server.get(found[0].name) if found is not None else None
        if spoken is not None and not (spoken and (not version or holds(spoken, version))):
            yield flag, f"the parser of {program} has the engine's options alone{listens}"
        elif not (at or since or word.startswith("-")):
            yield word, f"the parser of {program} takes the model as --model"


def _foreign(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Words of TensorRT-LLM's server that its worker does not have."""
    for word in words:
        if word.startswith("--"):
            yield word.partition("=")[0], "the parser of the worker has options of its own alone"
