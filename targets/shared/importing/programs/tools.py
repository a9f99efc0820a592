"""What the parsers of programs that serve nothing refuse of a line: those that build and measure.

`targets/<name>/tools.json`, made by shared/past/tools.py, has their flags by release. A release
between two that were read is refused what neither has, save of a span told exactly (`=`); one
behind the last, and none at all, what no release has. `syntax` of a program: `argparse`, where the
beginning of a flag is that flag and no value begins with a dash; `underscores`, where a long flag
may have them for dashes.
"""

from __future__ import annotations

import re
from functools import lru_cache

from servec.dsl.json_file import load_json
from servec.targets.shared.importing.programs.listed import tabled
from servec.targets.shared.importing.programs.program import head_of
from servec.targets.shared.table import FOLDER

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any, TypeAlias

    Trouble: TypeAlias = tuple[str, str, str]


def tool_of(words: Sequence[str]) -> tuple[str, str, list[str]] | None:
    """The runtime, the program and the words behind it, None for any other line."""
    name, rest = head_of(words)
    if name == "-m" and rest:
        name, rest = rest[0], rest[1:]
    found = tabled().get(name.removesuffix(".exe"))
    return (*found, rest) if found is not None else None


def tool_troubles(
    runtime: str, program: str, words: Sequence[str], version: str
) -> Iterator[Trouble]:
    """Code, word and reason of each word of a line that the program's parser refuses."""
    tables = _tables(runtime)
    syntax = tables["syntax"][program]
    table = tables["programs"][program]
    groups = [name for name in tables["programs"] if name.startswith(f"{program} ")]
    at = 0
    while at < len(words):
        word = words[at]
        at += 1
        if not word.startswith("-") or word == "-":
            sub = f"{program} {word}"
            if sub in groups:
                table, groups = tables["programs"][sub], []
            elif not groups:
                yield "SRV201", word, _stray(word)
            else:
                names = ", ".join(name.rpartition(" ")[2] for name in groups)
                yield "SRV205", word, f"one of {names}"
            continue
        flag, equals, value = word.partition("=")
        dashed = syntax == "underscores" and flag.startswith("--")
        row = _row(table["flags"], flag.replace("_", "-") if dashed else flag, syntax)
        if row is None or not _there(row[0], table["versions"], version):
            yield _missing(flag, row, table["versions"], version)
            at += _values(words[at:], "any")
            continue
        taken = 0 if equals else _values(words[at:], row[1], syntax)
        given = [value] if equals else words[at : at + taken]
        yield from _valued(flag, row, given)
        at += taken


def tool_said(runtime: str, program: str, words: Sequence[str]) -> dict[str, str]:
    """The first word behind each flag of a line, by its name without dashes, "" behind none."""
    tables = _tables(runtime)
    syntax, flags = tables["syntax"][program], tables["programs"][program]["flags"]
    said: dict[str, str] = {}
    for at, word in enumerate(words):
        flag, equals, value = word.partition("=")
        row = _row(flags, flag, syntax) if flag.startswith("-") else None
        if row is not None:
            behind = words[at + 1 : at + 2] if _values(words[at + 1 :], row[1], syntax) else ("",)
            said[flag.lstrip("-")] = value if equals else behind[0]
    return said


def _stray(word: str) -> str:
    if not word.strip():
        return "a blank behind a backslash at a line's end is a word of its own"
    return "it stands behind no flag that takes it"


def _values(rest: Sequence[str], kind: str, syntax: str = "") -> int:
    """How many words behind a flag are its own."""
    if kind == "switch":
        return 0
    if kind == "word" and (syntax != "argparse" or not re.match(r"-\D", rest[0] if rest else "")):
        return min(1, len(rest))
    count = 0
    while count < len(rest) and rest[count].strip() and not rest[count].startswith("-"):
        count += 1
    return count if kind == "list" else min(count, 1)


def _valued(flag: str, row: Sequence[Any], given: Sequence[str]) -> Iterator[Trouble]:
    if row[1] == "word" and not given:
        yield "SRV205", flag, "its value is missing"
    for value in given if len(row) > 2 and row[1] != "switch" else ():
        if value not in row[2] and "$" not in value:
            yield "SRV205", f"{flag} = {value}", f"one of {', '.join(row[2])}"


def _row(flags: Mapping[str, Any], flag: str, syntax: str) -> Any:
    if flag in flags or syntax != "argparse" or not flag.startswith("--"):
        return flags.get(flag)
    begun = [name for name in flags if name.startswith(flag)]
    return flags[begun[0]] if begun else None


def _there(span: str, read: Sequence[str], version: str) -> bool:
    """Whether a release may have a flag: one of the two that were read around it does."""
    from servec.compiler.options.versions import is_exact, order
    from servec.targets.shared.past.spans import holds

    if not is_exact(version) or order(version) > order(read[-1]):
        return True
    if span.startswith("="):
        return holds(span[1:], version)
    below = [name for name in read if order(name) <= order(version)]
    above = [name for name in read if order(name) >= order(version)]
    around = (version, *below[-1:], *above[:1])
    return any(holds(span, name) for name in around)


def _missing(flag: str, row: Any, read: Sequence[str], version: str) -> Trouble:
    from servec.compiler.options.versions import order

    if row is None:
        return "SRV201", flag, f"no release from {read[0]} to {read[-1]} has it"
    first, _, last = str(row[0]).lstrip("=").split()[-1].partition("..")
    if last and order(last) < order(version):
        return "SRV203", flag, f"it was last seen in {last}"
    return "SRV202", flag, f"it is first seen in {first}"


@lru_cache
def _tables(runtime: str) -> Any:
    return load_json(FOLDER, runtime, "tools.json")
