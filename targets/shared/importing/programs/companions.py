"""A line that starts a program of a runtime which serves nothing, or one of another project: what
to give instead."""

from __future__ import annotations

import os
import re

from servec.dsl.json_file import load_json
from servec.targets.shared.importing.programs.dynamo import FRONT
from servec.targets.shared.importing.programs.listed import others
from servec.targets.shared.importing.programs.peers import peer_told
from servec.targets.shared.importing.programs.program import (
    INTERPRETER,
    PREFIXES,
    VARIABLE,
    WRAPPERS,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


def companion(words: Sequence[str], first: bool = True) -> str:
    """What is to be said of a line that starts such a program, "" for any other; one of another
    project only where the words begin with it (`first`)."""
    rest = list(words)
    while rest and (VARIABLE.fullmatch(rest[0]) or rest[0] in PREFIXES):
        rest.pop(0)
    if rest and rest[0].rpartition("/")[2] in WRAPPERS:
        ends = (companion(rest[at:], False) for at in range(1, len(rest)))
        return next((found for found in ends if found), "")
    if rest and re.fullmatch(r"python[0-9.]*", rest[0].rpartition("/")[2]):
        rest.pop(0)
        while rest and rest[0] in INTERPRETER:
            rest.pop(0)
    named = [word.replace("\\", "/").rpartition("/")[2] for word in rest[:3]]
    heads = [word.removesuffix(".exe") for word in named[:1]] + named[1:]
    if tuple(heads[:2]) == FRONT:
        return (
            "`dynamo.frontend` stands before workers and is none: give a worker's line, or --check"
        )
    plain = heads[1:] if heads[:1] == ["-m"] else heads[:2]
    for other in others():
        if other.words in (tuple(heads[: len(other.words)]), tuple(plain[: len(other.words)])):
            return f"`{' '.join(other.words)}` {other.does} and serves nothing: {other.give}"
    return (peer_told(rest) or _foreign(plain)) if first else ""


def _foreign(heads: Sequence[str]) -> str:
    known = load_json(os.path.dirname(__file__), "foreign.json")["programs"]
    name = next((" ".join(heads[:n]) for n in (2, 1) if " ".join(heads[:n]) in known), "")
    if not name:
        return ""
    does, like = known[name]
    return f"`{name}` is no program of a runtime, it {does}: give the line of the engine, `{like}`"
