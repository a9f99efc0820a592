"""Dynamo's workers (`python -m dynamo.vllm`): the runtime inside, as the server that it would be.

A worker has the runtime's options and some of its own, for Dynamo's discovery, routing and parsers:
`dynamo_flags.json` lists them by release. Those are set aside and told: no launch of servec has
them. `dynamo_judge` says what a worker's own parser refuses.
"""

from __future__ import annotations

import os
from functools import lru_cache

from servec.dsl.json_file import load_json
from servec.dsl.record import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from servec.compiler.options.table import OptionTable
    from servec.targets.shared.importing.programs.program import Command

PREFIX = "dynamo."
DYNAMO = "ai-dynamo/"
"""Where the images of Dynamo lie, whose tags are its own."""
FRONT = ("-m", "dynamo.frontend")
"""What starts the frontend, behind the interpreter."""
DOTTED = "--trtllm."
"""How a key of the engine's own options starts as a flag: ai-dynamo 1.1.1 trtllm/dynamic_flags.py.
"""


@lru_cache(maxsize=1)
def said_of() -> dict[str, Any]:
    """What is said of the workers beside their flags."""
    found: dict[str, Any] = load_json(os.path.dirname(__file__), "dynamo.json")
    return found


@lru_cache(maxsize=1)
def tables() -> dict[str, Any]:
    """The flags of each program of Dynamo, by release."""
    found: dict[str, Any] = load_json(os.path.dirname(__file__), "dynamo_flags.json")
    return found


def row_of(program: str, flag: str) -> tuple[str, list[Any]] | None:
    """The flag as the table has it, with its row: `[span, kind, …]`; None where it is not its own.

    A switch has a twin with `no-` before it.
    """
    rows, plain = tables()[program], flag.replace("_", "-")
    later = said_of()["later"].get(program, ())
    for name in (plain, "--" + plain.removeprefix("--no-")):
        if name in rows and (name == plain or rows[name][1] == "switch"):
            return name, rows[name]
        if name in later:
            return name, [f"{tables()['versions'][-1]}..", "word"]
    return None


def parts(program: str, words: Sequence[str]) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """Each flag of the program's own, its words, and how it was written; "" for the engine's."""
    at = 0
    while at < len(words):
        flag, equals, value = words[at].partition("=")
        found = row_of(program, flag) if flag.startswith("--") else None
        if program == "trtllm" and flag.startswith(DOTTED):
            found = flag, ["", "word"]
        if found is None:
            yield "", (words[at],), ""
            at += 1
            continue
        kind, end = found[1][1], at + 1
        if equals:
            yield found[0], (value,), flag
        else:
            most = {"switch": at + 1, "word": at + 2}.get(kind, len(words))
            while end < min(most, len(words)) and not words[end].startswith("--"):
                end += 1
            yield found[0], tuple(words[at + 1 : end]), flag
        at = end


def own_words(runtime: str, words: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The words as the runtime's own server takes them, and the flags that are Dynamo's alone."""
    renamed = said_of()["renamed"].get(runtime, {})
    kept: list[str] = []
    aside: list[str] = []
    for flag, values, spelt in parts(runtime, words):
        name = flag[2:]
        if not flag:
            kept += values
        elif name in renamed:
            kept += [part for part in (renamed[name], *values) if part]
        else:
            aside.append(spelt)
    return tuple(_engines(runtime, kept, aside)), tuple(aside)


def stands(runtime: str) -> tuple[str, ...]:
    """Flags of the runtime's server that stand for the worker's own, in whatever release."""
    return tuple(said_of()["renamed"].get(runtime, {}).values())


def _engines(runtime: str, words: Sequence[str], aside: list[str]) -> Iterator[str]:
    """The engine's words without the values that the worker takes itself."""
    own = said_of()["values"].get(runtime, {})
    at = 0
    while at < len(words):
        flag, equals, value = words[at].partition("=")
        value = value if equals else words[at + 1] if at + 1 < len(words) else ""
        if value in own.get(flag, ()):
            aside.append(flag)
            at += 1 if equals else 2
            continue
        yield words[at]
        at += 1


def engine_of(image: str, version: str) -> str:
    """The engine's release in one of Dynamo's images, "" where that is not known."""
    name = image.rpartition("/")[2]
    pins = tables()["engines"].get(said_of()["images"].get(name), {})
    return str(pins.get(version, ""))


def fitted(item: Command, table: OptionTable) -> Command:
    """The command without what Dynamo calls by a flag that the runtime has in later versions only.

    A worker keeps its name itself, where the server inside knows no name.
    """
    if not any(word.startswith(PREFIX) for word in item.program):
        return item
    renamed = {flag for flag in said_of()["renamed"].get(item.runtime, {}).values() if flag}
    kept: list[str] = []
    aside: list[str] = []
    skips = False
    for word in item.words:
        flag, equals, _ = word.partition("=")
        if flag in renamed and table.flag(flag) is None:
            aside.append(flag)
            skips = not equals
        elif not skips or word.startswith("--"):
            kept.append(word)
            skips = False
        else:
            skips = False
    return replace(item, words=tuple(kept), aside=(*item.aside, *aside)) if aside else item
