"""A launch that was read from a program: what of it stands where, and what was not understood."""

from __future__ import annotations

from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


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
class Written:
    """`file` holds `text`, the call stands in it from `start` to `end`. `arguments`: by the names
    of the table, `model`, and `env.NAME`. `left`: arguments that only a run of the program would
    tell, with what they are; `strange`: those that what is called does not take, with the reason.
    """

    file: str
    text: str
    name: str
    start: int
    end: int
    arguments: Mapping[str, Argument]
    left: tuple[tuple[str, str], ...] = ()
    strange: tuple[tuple[str, str], ...] = ()
