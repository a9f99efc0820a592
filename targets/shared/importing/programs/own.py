"""What programs that load an engine for more or less than a server take beside its options.

`own` of `programs.json`; see `listed.py`.
"""

from __future__ import annotations

from functools import lru_cache

from servec.dsl.record import record
from servec.targets.shared.importing.programs.listed import tables

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TypeAlias

    Words: TypeAlias = tuple[str, ...]


@record
class Own:
    """Options that a program has beside the server's: with a value, as switches, by beginnings."""

    takes: frozenset[str]
    switches: frozenset[str]
    begins: Words = ()


@lru_cache
def own() -> dict[Words, Own]:
    """What programs that load an engine for more or less than a server take beside its options."""
    return {
        tuple(name.split()): Own(
            frozenset(row["takes"]), frozenset(row["switches"]), tuple(row.get("begins", ()))
        )
        for found in tables().values()
        for words, row in found.get("own", {}).items()
        for name in (words, *row.get("also", ()))
    }


def without(words: Sequence[str], form: Words) -> tuple[Words, Words]:
    """The words as the server takes them, and the options that are the program's alone."""
    its = own()[form]
    kept: list[str] = []
    aside: list[str] = []
    at = 0
    while at < len(words):
        flag, equals, _ = words[at].partition("=")
        plain = flag.replace("_", "-") if flag.startswith("--") else flag
        if plain in its.switches or plain in its.takes:
            aside.append(flag)
            at += 1 if equals or not _takes(its, plain, words[at + 1 : at + 2]) else 2
            continue
        if its.begins and plain.startswith(its.begins):
            aside.append(flag)
            at += 1
            while at < len(words) and not words[at].startswith("-"):
                at += 1
            continue
        kept.append(words[at])
        at += 1
    return tuple(kept), tuple(aside)


def _takes(its: Own, flag: str, after: Sequence[str]) -> bool:
    """Whether the word behind a flag is its value; one that is a switch as well, by release, has
    none before another flag."""
    return flag in its.takes and not (flag in its.switches and after and after[0].startswith("-"))
