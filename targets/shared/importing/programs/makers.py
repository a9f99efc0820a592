"""A line that makes what a server loads, or loads the same for something else, read as the line of
the server.

What cannot be served is not worth making: the model's class, its weights and the chip are judged,
and how the line splits it. How what is made is sized is said when it is served.
"""

from __future__ import annotations

import re

from servec.targets.shared.importing.programs.listed import makers
from servec.targets.shared.importing.programs.program import Command, head_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import TypeAlias

    from servec.dsl.diagnostic import Diagnostic
    from servec.targets.shared.importing.programs.listed import Maker

    Trouble: TypeAlias = tuple[str, str, str]

WHY = "what is made here is sized when it is served"
FIRST, SECOND = "", "2"
"""Stand for the first two words behind the program that are no flags."""


def made_by(words: Sequence[str], version: str) -> Command | None:
    """The server's command for a line that makes what it loads, None for any other line.

    `version`: the release stated. Without one the newest judges, where that makes anything.
    """
    from servec.compiler.options.versions import is_exact, order
    from servec.targets.shared.past.release import past_release

    name, rest = _program(words)
    made = makers().get(name)
    exact = is_exact(version) and version != "main"
    if made is None or not (exact or (made.unstated and not version)):
        return None
    bare = (*_bare(rest, made), "", "")
    said = {FIRST: bare[0], SECOND: bare[1], **dict(_said(rest))}
    model = next((said[flag] for flag in made.model if said.get(flag)), "")
    if not model:
        return None
    line = [*made.says, model]
    for flag, its in made.flags.items():
        if flag in said and its not in line:
            line += [its, said[flag]] if said[flag] else [its]
    for flag in made.aside if exact and past_release(made.runtime, version) is not None else ():
        if flag in said:
            line += [flag, said[flag]] if said[flag] else [flag]
    for since, added in made.adds.items():
        line += added if exact and order(since) <= order(version) else ()
    return Command(made.runtime, tuple(line), {}, program=tuple(name.split()), given=tuple(line))


def _program(words: Sequence[str]) -> tuple[str, list[str]]:
    """The program that a line starts, by the words that name it, and those behind them."""
    name, rest = head_of(words)
    if name == "-m" and rest:
        name, rest = rest[0], rest[1:]
    for more in (2, 1):
        longer = " ".join((name, *rest[:more]))
        if longer in makers():
            return longer, rest[more:]
    return name, rest


def unlisted(words: Sequence[str], version: str) -> tuple[str, tuple[Trouble, ...]] | None:
    """Such a program, and code, word and reason of each flag that it has not and each value
    that it does not list for its flag; None where there is none."""
    name, rest = _program(words)
    found = tuple(_unlisted(makers()[name], rest, version)) if name in makers() else ()
    return (name, found) if found else None


def _unlisted(made: Maker, words: Sequence[str], version: str) -> Iterator[Trouble]:
    from servec.compiler.options.versions import is_exact, order

    said = dict(_said(words))
    for flag in made.foreign:
        if flag in said:
            yield "SRV201", flag, "it is a flag of the step that builds what this one writes"
    for flag, values in made.values.items():
        given = said.get(flag, "")
        since = values.get(given, "")
        if given and given not in values and "$" not in given:
            yield "SRV205", f"{flag} {given}", f"one of {', '.join(values)}"
        elif since and is_exact(version) and order(version) < order(since):
            yield "SRV202", f"{flag} {given}", f"it is first seen in {since}"


def _bare(words: Sequence[str], made: Maker) -> Iterator[str]:
    """The words that are no flags and none's values."""
    for before, word in zip(("", *words), words, strict=False):
        flag = before.replace("_", "-")
        takes = flag.startswith("-") and "=" not in flag and flag not in made.switches
        if not word.startswith("-") and not takes:
            yield word


def _said(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    for at, word in enumerate(words):
        flag, equals, value = word.partition("=")
        if flag.startswith("--"):
            follows = words[at + 1] if at + 1 < len(words) else ""
            follows = "" if follows.startswith("-") else follows
            yield flag.replace("-", "_").replace("__", "--", 1), value if equals else follows


def eased(item: Command, release: str, found: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """The findings on the server as they stand for what is made for it."""
    from servec.dsl.diagnostic import Figure
    from servec.dsl.record import replace

    made = makers()[" ".join(item.program)]
    for one in found:
        kept = not made.errors or one.code in made.errors or _unmade(made, release, one)
        if one.severity != "error" or kept:
            yield one
        else:
            figures = (*one.figures, Figure("why", None, WHY))
            yield replace(one, severity="warning", figures=figures)


def _unmade(made: Maker, release: str, item: Diagnostic) -> bool:
    """Whether a class that the server does not know is none that a script of its own converts."""
    from servec.compiler.options.versions import order
    from servec.targets.shared.table import load_table, versions

    if item.code != "SRV306" or not made.classes or order(release) < order(made.classes):
        return False
    told = " ".join((item.title, *(figure.text or "" for figure in item.figures)))
    names = re.findall(r"\b\w+For[A-Z]\w+", told)
    later = load_table(made.runtime, versions(made.runtime)[0]).values("architectures")
    return any(name.endswith("ForCausalLM") or name in later for name in names)
