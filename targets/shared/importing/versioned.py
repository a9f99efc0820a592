"""The version that a launch was written for, where nothing states it."""

from __future__ import annotations

from servec.targets.shared.importing.said import said
from servec.targets.shared.table import load_table, versions

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from servec.compiler.options.table import OptionTable
    from servec.targets.shared.importing.programs.program import Command
    from servec.targets.shared.importing.said import Said


def written_for(runtime: str, commands: Sequence[Command], strict: bool = False) -> str:
    """The newest version whose parser takes every word, "" where that is the newest of all.

    Where none does, it is the newest of those that refuse least, with `strict` the newest of all.
    Variables that are not read count as words that are not taken: they were for another version;
    with `strict` they do not, as no runtime ends for them.
    """
    known = versions(runtime)
    least, found = -1, ""
    for version in reversed(known):
        table = load_table(runtime, version)
        strange = sum(_strange(table, command, strict) for command in commands)
        if least < 0 or strange < least:
            least, found = strange, version
        if not strange:
            break
    if not known or found == known[-1] or (strict and least):
        return ""
    return found


def _strange(table: OptionTable, command: Command, strict: bool) -> int:
    line = said(table, command.words)
    strange = len(line.unknown) + len(line.troubles) + _once(table, line)
    if strict:
        return strange
    own = (name for name in command.env if name.startswith(table.prefixes))
    unread = [name for name in own if not table.reads(name)]
    return strange + len(unread)


def _once(table: OptionTable, line: Said) -> int:
    """The options that are gone and happen to be how another begins: nobody wrote them for that."""
    from servec.targets.shared.past.lost import lost_since

    names = (short.lstrip("-") for short, _ in line.short)
    return sum(bool(lost_since(table.runtime, name)) for name in names)
