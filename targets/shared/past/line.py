"""Reads a launch line of a release from before the option tables."""

from __future__ import annotations

import re

from servec.dsl.record import record, replace
from servec.targets.shared.past.release import SWITCHES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from servec.compiler.options.table import Option, OptionTable
    from servec.targets.shared.importing.programs.program import Command
    from servec.targets.shared.past.release import Release


PAIRS = re.compile(r"[a-z_]+=\d+(,[a-z_]+=\d+)*")
WORDS = ("true", "false")
ON = "on"
"""The word of an option that was a switch, for the switch."""
OFF = ("false",)
"""What stands for the value of a switch that is said as `--no-…`."""


@record
class Use:
    """A flag as it stands on a line, with the words behind it. `known`: the table has it too.

    `meant`: the line leaves it out, and the release takes these words for it. `field`: that of its
    JSON object which the words are for, as in `--flag.field words`.
    """

    flag: str
    values: tuple[str, ...]
    known: bool
    meant: bool = False
    field: str = ""


@record
class Past:
    """A line of an old release: what is left of it for the table, and what its flags are.

    `hardware`: as it was stated beside the line. `image`: the line is that of an image.
    """

    release: Release
    command: Command
    uses: tuple[Use, ...]
    hardware: str = ""
    image: bool = False


def past_of(named: str, command: Command) -> Past | None:
    """A command as a line of an old release, None where it is none.

    `named`: the runtime, and `@` with its version where one is stated.
    """
    from servec.targets.shared.past.filed import filed
    from servec.targets.shared.past.release import past_release
    from servec.targets.shared.past.same import same_words
    from servec.targets.shared.past.standing import defaults
    from servec.targets.shared.table import load_table

    name, _, stated = named.partition("@")
    runtime = name or command.runtime
    release = past_release(runtime, stated or command.version)
    if release is None:
        return None
    words = tuple(_worded(release, filed(release, command)))
    table = load_table(runtime, release.table)
    uses, rest = _read(release, table, words)
    rest = (*rest, *same_words(release, table, uses))
    for flag, word in defaults(release, command, uses):
        uses, rest = (*uses, Use(flag, (word,), True, meant=True)), (*rest, flag, word)
    rest_of = replace(command, words=rest, version=release.table)
    return Past(release, rest_of, uses, image=bool(command.version or command.entry))


def _read(
    release: Release, table: OptionTable, words: Sequence[str]
) -> tuple[tuple[Use, ...], tuple[str, ...]]:
    """The flags of a line, and the words that the table can read."""
    from servec.compiler.options.argv import find, is_flag

    uses: list[Use] = []
    rest: list[str] = []
    at, cut = 0, "equals" in table.syntax
    while at < len(words):
        word = words[at]
        at += 1
        if not is_flag(word):
            rest.append(word)
            continue
        head, equals, given = word.partition("=") if cut else (word, "", "")
        flag = _spelt(release, head)
        end = at
        while not equals and end < len(words) and not is_flag(words[end]):
            end += 1
        option = find(table, head) or find(table, flag)
        took = release.took(flag)
        # A switch that has become an option with a value is read by this release alone.
        known = option is not None and (took.get("type") != "flag" or option[0].boolean)
        if option is not None and _counted(took):
            known = known and took["arity"] == option[0].arity
        stop = _stop(took, option[0] if option and known else None, at, end)
        values = (given,) if equals else tuple(words[at:stop])
        said_off = head.startswith("--no-") and flag != head
        field = head.partition(".")[2] if "." not in flag else ""
        uses.append(Use(flag, OFF if said_off else values, known, field=field))
        said = (word, *words[at:stop])
        rest += _left(release, option, known, (head, flag, find(table, head) is None), said, values)
        at = stop
    return tuple(uses), tuple(rest)


def _left(
    release: Release,
    option: tuple[Option, bool, tuple[str, ...]] | None,
    known: bool,
    spelt: tuple[str, str, bool],
    said: Sequence[str],
    values: tuple[str, ...],
) -> tuple[str, ...]:
    """What is left of a flag and its words for the table.

    `spelt`: the flag as it stands, as the release spells it, and whether the table lacks the first.
    """
    from servec.targets.shared.past.ways import ignored

    head, flag, begun = spelt
    if ignored(release, flag):
        return ()
    took = release.took(flag)
    as_pairs = option is not None and option[0].type == "json" and release.flag(flag)
    pairs = _pairs(values) if as_pairs and _paired(release, took) else ""
    if pairs:
        return head, pairs
    if option is not None and not known and ON in option[0].choices:
        return head, ON
    if known or not release.flag(flag):
        whole = said[0].replace(head, flag, 1) if begun and option is not None else said[0]
        return whole, *said[1:]
    return ()


def _worded(release: Release, words: Sequence[str]) -> Iterator[str]:
    """The words of a line with those behind its switches, true and false, told by the switches."""
    from servec.targets.shared.past.ways import stored

    passed = False
    for at, word in enumerate(words):
        after = words[at + 1] if at + 1 < len(words) else ""
        head, equals, given = word.partition("=")
        value = (given if equals else after).lower()
        if passed:
            passed = False
        elif value in WORDS and stored(release, _spelt(release, head)):
            yield head.replace("--", "--no-", 1) if value == WORDS[1] else head
            passed = not equals
        else:
            yield word


def _stop(took: Mapping[str, Any], option: Option | None, at: int, end: int) -> int:
    """Where the words of a flag end, that begin at `at`; the next flag stands at `end`.

    `option`: that of the table, where it reads the flag as the release does.
    """
    if option is not None:
        return min(end, at + int(option.arity)) if option.arity.isdigit() else end
    if took.get("arity") in ("+", "*"):
        return end
    words = int(took["arity"]) if _counted(took) else took.get("type") not in SWITCHES
    return min(end, at + words)


def _counted(took: Mapping[str, Any]) -> bool:
    """Whether a flag takes so many words: `--lora-scaled` of old llama.cpp, file and scale."""
    return str(took.get("arity", "")).isdigit()


def _paired(release: Release, took: Mapping[str, Any]) -> bool:
    """Whether a flag that has become an object takes `image=1` in the release, too."""
    from servec.targets.shared.past.ways import before

    return took.get("type") != "json" or before(release, "paired")


def _pairs(values: Sequence[str]) -> str:
    """`image=1,video=0`, which became an object, as that object; "" of anything else."""
    if len(values) != 1 or not PAIRS.fullmatch(values[0]):
        return ""
    items = (item.partition("=") for item in values[0].split(","))
    return "{" + ", ".join(f'"{name}": {number}' for name, _, number in items) + "}"


def _spelt(release: Release, head: str) -> str:
    """A flag as the source spells it: underscores, prefixes and fields of JSON put right."""
    flag = head
    syntax = release.document.get("syntax", "")
    if "underscores" in syntax and head.startswith("--"):
        flag = "--" + head[2:].replace("_", "-")
    whole, bare = flag.partition(".")[0], "--" + flag.removeprefix("--no-")
    for name in (flag, whole):
        if release.flag(name) is not False:
            return name
    if flag.startswith("--no-") and release.took(bare).get("type") == "switch":
        return bare
    if "whole" in syntax:
        return flag
    flags = release.document["flags"]
    begun = [name for name in flags if name.startswith(flag) and release.flag(name)]
    return begun[0] if begun and flag.startswith("--") and len(flag) > 3 else flag
