"""The programs that come with the runtimes: which start one, and which only look like it.

`targets/<name>/programs.json`, each with its `source`: `starts`, the words that a server is started
by, the longest first, without the interpreter and its path; `called`, what people call the runtime;
`own`, what of these loads the same engine for something else (a chat in the terminal, a
measurement) or starts more than a server (a router before it) takes beside the server's options,
with a value or as a switch, and the `begins` of options that are its own with all words behind
them, and what `also` has these; `first`, what programs were called at first, words that mean
anything: with a path before them and a flag behind; `images`, parts of the names of images whose
entry point is that server, `entry`, those known to have it by name, and `entry_first`, the last
release of these whose entry point is another program, and this; `front`, the words that
start what stands before servers and is none itself; `server`, what the server takes beside its
engine, and `alone`, programs that take what the engine does and this of the server's, from the
release `alone_since` on (see dynamo_judge.py), each with the releases that it takes it in where
those are not all;
`tagged`, images with the program that their entry point starts, by how a tag begins and what their
first word is; `others`, the programs that serve nothing: what each does, and what to `give`
instead; `makers`, those of them judged by the server of what they make; `tabled`, those with a
table of their own flags (see tools.py), each with the modules that are the same program;
`file`, what is so of the options file that a line names: how its name `ends`, and whether it
`outranks` the line, with the names of fields and no flags as its keys; `twin`, the variable that
stands for the options of a line, or how they begin;
`demands`, the `programs` that end where a line names no model, and how it is to name one; `named`,
the programs that do not read a model from a word without its flag; `gone`, the programs that are no
more, with the last release that has each.
"""

from __future__ import annotations

import os
import re
from functools import lru_cache

from servec.dsl.json_file import load_json
from servec.dsl.record import record
from servec.targets.shared.table import FOLDER

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any, TypeAlias

    Words: TypeAlias = tuple[str, ...]


@record
class Other:
    """A program that serves nothing."""

    words: Words
    does: str
    give: str


@lru_cache
def starts() -> dict[str, tuple[Words, ...]]:
    """The words that start each runtime."""
    return {name: tuple(map(tuple, found["starts"])) for name, found in tables().items()}


@lru_cache
def called() -> dict[str, str]:
    """The runtime of each name that people use, by its letters and digits in small."""
    rows = ((word, name) for name, found in tables().items() for word in found.get("called", ()))
    return {re.sub(r"[\W_]", "", word.lower()): name for word, name in rows}


@lru_cache
def tabled() -> dict[str, tuple[str, str]]:
    """The runtime and the program of each name and module of a program with a table of flags."""
    return {
        word: (runtime, program)
        for runtime, found in tables().items()
        for program, modules in found.get("tabled", {}).items()
        for word in (program, *modules)
    }


def demanded(runtime: str, program: Sequence[str]) -> str:
    """What a line of the program is to say of its model; "" where it may leave that out."""
    row = tables().get(runtime, {}).get("demands", {})
    return str(row["model"]) if set(program[-1:]) & set(row.get("programs", ())) else ""


@lru_cache
def named() -> frozenset[str]:
    """The programs to which a model is said by its flag alone."""
    return frozenset(name for found in tables().values() for name in found.get("named", ()))


@lru_cache
def gone() -> dict[str, str]:
    """The last release that has a program, of those that are no more."""
    return {
        name: last for found in tables().values() for name, last in found.get("gone", {}).items()
    }


@lru_cache
def first() -> dict[str, str]:
    """The runtime of each name that a program had at first."""
    return {word: name for name, found in tables().items() for word in found.get("first", ())}


@lru_cache
def images() -> tuple[tuple[str, str], ...]:
    """Parts of images' names with the runtime inside; the first that is in a name counts."""
    return tuple((part, name) for name, found in tables().items() for part in found["images"])


@lru_cache
def alone() -> dict[str, tuple[str, dict[str, str]]]:
    """The options of the server that a program has not which takes those of its engine, and from
    which release on ("" for all). Beside an option: the releases in which the program has it, ""
    where it has it in none."""
    made: dict[str, tuple[str, dict[str, str]]] = {}
    for found in tables().values():
        for program, taken in found.get("alone", {}).items():
            has = dict(item.partition(" ")[::2] for item in taken)
            lacks = {name: has.get(name, "") for name in found["server"] if has.get(name) != ""}
            made[program] = (found.get("alone_since", ""), lacks)
    return made


def file_way(runtime: str) -> Mapping[str, Any]:
    """What is so of the options file of a runtime: `ends` of its name, `outranks`."""
    found: Mapping[str, Any] = tables().get(runtime, {}).get("file", {})
    return found


def twin(runtime: str) -> str:
    """How the variables begin that stand for options of a runtime, "" where none do."""
    return str(tables().get(runtime, {}).get("twin", ""))


@lru_cache
def entries() -> frozenset[str]:
    """The images, without host and tag, whose entry point is a server's command."""
    return frozenset(image for found in tables().values() for image in found.get("entry", ()))


@lru_cache
def entry_first() -> dict[str, tuple[str, str]]:
    """What the images of `entries` started at first, and up to which release."""
    return {
        image: (found["entry_first"][0], found["entry_first"][1])
        for found in tables().values()
        if "entry_first" in found
        for image in found["entry"]
    }


@lru_cache
def tagged() -> dict[str, dict[str, dict[str, str]]]:
    """The images whose tags say what they start: by how a tag begins, and by their first word, the
    program ("" for one that is none of a runtime)."""
    return {
        image: tags
        for found in tables().values()
        for images, tags in found.get("tagged", {}).items()
        for image in images.split()
    }


@lru_cache
def fronts() -> dict[str, Words]:
    """The words that start what stands in front of a runtime's servers."""
    return {name: tuple(found["front"]) for name, found in tables().items() if "front" in found}


@record
class Maker:
    """A program that makes what a server loads: where its line says the model, which of its flags
    say what which one of the server does (the first said of them), which are the program's alone
    and looked at by rows for old releases (`aside`), and what the server's line says beside them.
    `classes`: the release from which on the server's classes are all that can be made, "" for
    none. `errors`: what is wrong with the server's line and with this one as well; "" for all of
    it, where the same model is loaded. `unstated`: whether the newest release has the program.
    `says`: the flag by which the server is told the model. `values`: those that the program lists
    for a flag, with the first release that has each. `switches`: the flags that take no word.
    `foreign`: flags that are of the step behind this program."""

    runtime: str
    model: Words
    flags: Mapping[str, str]
    aside: Words
    adds: Mapping[str, list[str]]
    classes: str
    errors: Words
    unstated: bool
    says: Words
    values: Mapping[str, Mapping[str, str]]
    switches: Words
    foreign: Words


@lru_cache
def makers() -> dict[str, Maker]:
    """The programs whose lines are judged by what is to serve what they make, by name."""
    return {
        program: Maker(
            name,
            tuple(row["model"]),
            row["flags"],
            tuple(row["aside"]),
            row["adds"],
            row["classes"],
            tuple(row["errors"]),
            row.get("unstated", False),
            tuple(row.get("says", ())),
            row.get("values", {}),
            tuple(row.get("switches", ())),
            tuple(row.get("foreign", {}).get(program, ())),
        )
        for name, found in tables().items()
        for row in found.get("makers", ())
        for program in row["programs"]
    }


@lru_cache
def others() -> tuple[Other, ...]:
    """The programs of all runtimes that serve nothing."""
    return tuple(
        Other(tuple(words.split()), does, group["give"])
        for found in tables().values()
        for group in found["others"]
        for words, does in group["programs"].items()
    )


@lru_cache
def tables() -> dict[str, dict[str, Any]]:
    """What each runtime's table holds as it stands, in order of name."""
    found = {}
    for name in sorted(os.listdir(FOLDER)):
        try:
            found[name] = load_json(FOLDER, name, "programs.json")
        except (FileNotFoundError, NotADirectoryError):
            continue
    return found
