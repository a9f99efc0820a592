"""What a runtime's own parser takes exception to on a line, beside flags that it does not have."""

from __future__ import annotations

import re
from itertools import pairwise

from servec.compiler.options.argv import find, is_flag
from servec.targets.shared.importing.scripts.shell import OPEN
from servec.targets.shared.importing.unset import spare

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from servec.compiler.options.argv import Line
    from servec.compiler.options.table import OptionTable

STRAY = "a word that belongs to no option"
OPTIONS_FILE = "config"

MODELS = ("model", "model-path")
JOINED = re.compile(r"\s--?[A-Za-z]|^(vllm|sglang|serve|python[0-9.]*)\s")
"""A word that holds options behind a space, or begins with a program."""


def vague(
    table: OptionTable, unknown: Sequence[tuple[str, tuple[str, ...]]]
) -> tuple[tuple[str, str], ...]:
    """Prefixes that several options begin with: the runtime's parser takes none of them."""
    made = []
    for flag, _ in unknown:
        flags = table.begun(flag) if flag.startswith("--") and len(flag) > 3 else ()
        if len(flags) > 1:
            made.append((flag, f"it may be {', '.join(flags[:4])}; write it out"))
    return tuple(made)


def misspelt(
    table: OptionTable, unknown: Sequence[tuple[str, tuple[str, ...]]]
) -> tuple[tuple[str, str], ...]:
    """Flags that are an option's but for a dash, or a dash that is an underscore, and keys of the
    options file that are no flags."""
    made = []
    for flag, _ in unknown:
        found = table.find(flag.lstrip("-").replace("_", "-"))
        if found is not None and found[0].flags:
            made.append((flag, f"the parser does not know it so spelt; write {found[0].flags[-1]}"))
        elif found is not None and found[0].file:
            key = found[0].name.replace("-", "_")
            made.append((flag, f"it is no flag: `{key}` stands in the file of `--{OPTIONS_FILE}`"))
    return tuple(made)


def stray(table: OptionTable, line: Line, given: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Words that belong to no option, more than the parser takes."""
    words = (word for word in spare(table, line) if not OPEN.match(word))
    return tuple((word, STRAY + _behind(table, given, word)) for word in words)


def _behind(table: OptionTable, given: Sequence[str], word: str) -> str:
    """The switch that a word stands behind."""
    before = (flag for flag, after in pairwise(given) if after == word and is_flag(flag))
    for flag in before:
        found = find(table, flag)
        if found is not None and found[0].boolean:
            return f": `{flag}` is a switch and takes none"
    return ""


def joined(line: Line) -> Iterator[tuple[str, str]]:
    """A model that is a line of its own: words that were to stand apart came as one."""
    named = [a.values for a in line.arguments if a.option and a.option.name in MODELS]
    for word in (*line.positional[:1], *(words[0] for words in named if words)):
        if JOINED.search(word):
            yield word, "one word with spaces: a program, a model and options stand apart"


def alone(table: OptionTable, words: Sequence[str], at: int) -> bool:
    """Whether a word is an option of `on` and `off` that nothing is said to."""
    found = find(table, words[at]) if is_flag(words[at]) else None
    after = words[at + 1] if at + 1 < len(words) else ""
    bare = not after or (is_flag(after) and find(table, after))
    return bool(found and bare and {"on", "off"} <= {*map(str, found[0].choices)})


def bare(table: OptionTable, words: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Switches of old that want a word now."""
    if "greedy" not in table.syntax:
        return ()
    wants = "it takes a word now: write `on` behind it"
    return tuple((word, wants) for at, word in enumerate(words) if alone(table, words, at))


def refused_values(
    table: OptionTable, words: Sequence[str], unset: Sequence[tuple[str, str]]
) -> tuple[tuple[str, str], ...]:
    """Values that options do not take, but for those that nothing sets."""
    from servec.compiler.options.command import command_troubles

    return tuple(
        (argument.flag, trouble.text)
        for argument, trouble in command_troubles(table, words)
        if argument.option is not None
        and (argument.flag, " ".join(argument.values)) not in unset
        and not (argument.option.name == "node-rank" and OPEN.match("".join(argument.values)))
    )
