"""What a command line says, option by option, as typed values."""

from __future__ import annotations

from fractions import Fraction

from servec.compiler.options.argv import find, is_flag, read
from servec.dsl.record import record
from servec.targets.shared.importing.parser_troubles import (
    alone,
    bare,
    joined,
    misspelt,
    refused_values,
    stray,
    vague,
)
from servec.targets.shared.importing.typed import typed
from servec.targets.shared.importing.unset import unset_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from servec.compiler.options.argv import Argument, Line
    from servec.compiler.options.table import OptionTable


LACKING = " is not started without "
"""What the title of a finding says of a thing that the parser demands."""


@record
class Said:
    """`options`: name in the table to value: booleans, ints, fractions, texts, lists, mappings.

    `unknown`: flags that the table does not have, with the words behind them. `short`: prefixes
    that were written for whole flags. `troubles`: what the runtime's parser would refuse.
    `flags`: how often the line names an option or an unknown flag. `partly`: flags with words of
    which only the number in front is read, and that number. `unset`: flags whose value is a
    variable that nothing sets, and that value; they are in none of the others. `gone`: flags that
    the runtime no longer has, which other options stand for now, and what became of them. `left`:
    arguments of a program that only a run of it would tell, and what they are. `lacks`: what the
    parser demands and the line does not name.
    """

    options: Mapping[str, Any]
    unknown: tuple[tuple[str, tuple[str, ...]], ...] = ()
    positional: tuple[str, ...] = ()
    short: tuple[tuple[str, str], ...] = ()
    troubles: tuple[tuple[str, str], ...] = ()
    flags: int = 0
    partly: tuple[tuple[str, str, int], ...] = ()
    unset: tuple[tuple[str, str], ...] = ()
    gone: tuple[tuple[str, str], ...] = ()
    left: tuple[tuple[str, str], ...] = ()
    lacks: str = ""


def said(table: OptionTable, words: Sequence[str]) -> Said:
    """Read the words behind the program's own. A later use of an option replaces an earlier one."""
    whole, short = _whole(table, words)
    line = read(table, whole)
    options: dict[str, Any] = {}
    unknown: list[tuple[str, tuple[str, ...]]] = []
    unset = tuple(unset_of(table, line))
    for argument in line.arguments:
        if (argument.flag, " ".join(argument.values)) in unset:
            continue
        if argument.option is None:
            unknown.append((argument.flag, argument.values))
        else:
            _put(options, argument)
    return Said(
        options,
        tuple(unknown),
        line.positional,
        short,
        (
            *bare(table, words),
            *refused_values(table, whole, unset),
            *vague(table, unknown),
            *stray(table, line, whole),
            *joined(line),
            *misspelt(table, unknown),
        ),
        len(line.arguments),
        tuple(_partly(line)) if "leading" in table.syntax else (),
        unset,
    )


def _partly(line: Line) -> Iterator[tuple[str, str, int]]:
    from servec.compiler.options.forms import read_in_part

    for argument in line.arguments:
        option = argument.option
        for word in argument.values if option is not None else ():
            number = read_in_part(option, word) if option is not None else None
            if number is not None:
                yield argument.flag, word, number


def _put(options: dict[str, Any], argument: Argument) -> None:
    option = argument.option
    assert option is not None
    value: Any = typed(option, argument)
    held = options.pop(option.name, None)
    if option.repeat and isinstance(held, list):
        value = [*held, *(value if isinstance(value, list) else [value])]
    elif option.repeat and not isinstance(value, list):
        value = [value]
    elif argument.path and isinstance(held, dict):
        value = merged(held, value)
    options[option.name] = value


def merged(old: Any, new: Any) -> Any:
    """Two JSON values of one option: objects by key, lists one behind the other."""
    if isinstance(old, dict) and isinstance(new, dict):
        return {**old, **{key: merged(old.get(key), item) for key, item in new.items()}}
    if isinstance(old, list) and isinstance(new, list):
        return [*old, *new]
    return new


def _whole(
    table: OptionTable, words: Sequence[str]
) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """The words with prefixes of one option written out, where the runtime's parser takes them."""
    if "greedy" in table.syntax:
        return tuple(_switched(table, words)), ()
    made: list[str] = []
    short: list[tuple[str, str]] = []
    for word in words:
        head, equals, value = word.partition("=")
        cut = is_flag(word) and "whole" not in table.syntax
        full = _completed(table, head) if cut else ""
        if full:
            short.append((head, full))
        made.append(f"{full}{equals}{value}" if full else word)
    return tuple(made), tuple(short)


def _switched(table: OptionTable, words: Sequence[str]) -> Iterator[str]:
    """The words with `on` behind an option that was a switch once and stands so (`-fa`)."""
    for at, word in enumerate(words):
        yield word
        if alone(table, words, at):
            yield "on"


def _completed(table: OptionTable, head: str) -> str:
    if not head.startswith("--") or len(head) < 4 or find(table, head):
        return ""
    start = "--" + head[2:].replace("_", "-") if "underscores" in table.syntax else head
    flags = table.begun(start)
    meant = {table.flag(flag) for flag in flags}
    return flags[0] if len(meant) == 1 else ""


def same(one: Any, other: Any) -> bool:
    """Whether two values are equal: numbers by value, objects whatever the order of their keys."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, (int, float, Fraction)) and isinstance(other, (int, float, Fraction)):
        return Fraction(str(one)) == Fraction(str(other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)):
        return len(one) == len(other) and all(map(same, one, other))
    return type(one) is type(other) and bool(one == other)
