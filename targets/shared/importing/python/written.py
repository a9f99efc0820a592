"""A launch that was read from a program: what of it stands where, and what was not understood."""

from __future__ import annotations

from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@record
class Argument:
    """An argument as it is typed, with its place in the text as byte offsets: from its name to its
    end, and its value alone. `value`: as it is written where that is a constant, else what it comes
    to; `constant`: whether it is one."""

    typed: str
    value: str
    start: int
    end: int
    value_start: int
    constant: bool


@record
class Source:
    """What a launch was read from: the `place`th of a program, as it is run, for a release."""

    place: int
    text: str
    name: str
    env: Mapping[str, str]
    words: Sequence[str]
    devices: int
    version: str


@record
class Written:
    """`file` holds `text`, the call stands in it from `start` to `end`. `arguments`: by the names
    of the table, `model`, and `env.NAME`. `left`: arguments that only a run of the program would
    tell, with what they are; `strange`: those that what is called does not take, with the reason.
    `source`: what it was read from. `files`: where the line of a program makes the call (see
    programs/peers.py), what that may name, by path, and the arguments are words of that line; None
    of a program in Python."""

    file: str
    text: str
    name: str
    start: int
    end: int
    arguments: Mapping[str, Argument]
    left: tuple[tuple[str, str], ...] = ()
    strange: tuple[tuple[str, str], ...] = ()
    source: Source | None = None
    files: Mapping[str, str] | None = None
