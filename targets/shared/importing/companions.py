"""A line that starts a program of a runtime which serves nothing: what to give instead."""

from __future__ import annotations

import re

from servec.targets.shared.importing.dynamo import FRONT
from servec.targets.shared.importing.program import INTERPRETER, PREFIXES, VARIABLE, WRAPPERS
from servec.targets.shared.importing.programs import others

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


def companion(words: Sequence[str]) -> str:
    """What is to be said of a line that starts such a program, "" for any other."""
    rest = list(words)
    while rest and (VARIABLE.fullmatch(rest[0]) or rest[0] in PREFIXES):
        rest.pop(0)
    if rest and rest[0].rpartition("/")[2] in WRAPPERS:
        ends = (companion(rest[at:]) for at in range(1, len(rest)))
        return next((found for found in ends if found), "")
    if rest and re.fullmatch(r"python[0-9.]*", rest[0].rpartition("/")[2]):
        rest.pop(0)
        while rest and rest[0] in INTERPRETER:
            rest.pop(0)
    heads = [word.replace("\\", "/").rpartition("/")[2] for word in rest[:2]]
    if tuple(heads) == FRONT:
        return (
            "`dynamo.frontend` stands before workers and is none: give a worker's line, or --check"
        )
    for other in others():
        if tuple(heads[: len(other.words)]) == other.words:
            return f"`{' '.join(other.words)}` {other.does} and serves nothing: {other.give}"
    return ""
