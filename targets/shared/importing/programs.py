"""The programs that come with the runtimes: which start one, and which only look like it.

`targets/<name>/programs.json`, each with its `source`: `starts`, the words that a server is started
by, the longest first, without the interpreter and its path; `images`, parts of the names of images
whose entry point is that server; `front`, the words that start what stands before servers and is
none itself; `others`, the programs that serve nothing: what each does, and what to `give` instead.
"""

from __future__ import annotations

import os
from functools import lru_cache

from servec.dsl.json_file import load_json
from servec.dsl.record import record
from servec.targets.shared.table import FOLDER

TYPE_CHECKING = False
if TYPE_CHECKING:
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
    return {name: tuple(map(tuple, found["starts"])) for name, found in _all().items()}


@lru_cache
def images() -> tuple[tuple[str, str], ...]:
    """Parts of images' names with the runtime inside; the first that is in a name counts."""
    return tuple((part, name) for name, found in _all().items() for part in found["images"])


@lru_cache
def fronts() -> dict[str, Words]:
    """The words that start what stands in front of a runtime's servers."""
    return {name: tuple(found["front"]) for name, found in _all().items() if "front" in found}


@lru_cache
def others() -> tuple[Other, ...]:
    """The programs of all runtimes that serve nothing."""
    return tuple(
        Other(tuple(words.split()), does, group["give"])
        for found in _all().values()
        for group in found["others"]
        for words, does in group["programs"].items()
    )


@lru_cache
def _all() -> dict[str, dict[str, Any]]:
    """What each runtime's table holds, in order of name."""
    found = {}
    for name in sorted(os.listdir(FOLDER)):
        try:
            found[name] = load_json(FOLDER, name, "programs.json")
        except (FileNotFoundError, NotADirectoryError):
            continue
    return found
