"""Reads a command line as the runtime's parser would, strictly: no prefixes of options."""

from __future__ import annotations

from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from servec.compiler.options.table import Option, OptionTable


DEEPEST = 32
"""Fields within one another that a dotted flag may name: no runtime's object has a quarter."""


@record
class Argument:
    """One option as it stands on a command line.

    `index`: its first word. `sets`: False for a flag that unsets. `values`: its words. `path`: the
    JSON field of a dotted flag (`--compilation-config.mode 3`). `option` is None for a flag that
    the table does not have; then `values` is what follows it up to the next flag. `missing`: too
    few values follow. `width`: the words it takes up.
    """

    index: int
    flag: str
    option: Option | None
    sets: bool = True
    values: tuple[str, ...] = ()
    path: tuple[str, ...] = ()
    missing: bool = False
    width: int = 1


@record
class Line:
    """A command line read: its options in order, and the words that belong to none."""

    arguments: tuple[Argument, ...]
    positional: tuple[str, ...]


def read(table: OptionTable, words: Sequence[str]) -> Line:
    """The options and positional words of `words`, which follow the program's own words.

    What a table's `syntax` may say is in `servec.compiler.options.table`.
    """
    arguments: list[Argument] = []
    positional: list[str] = []
    at = 0
    while at < len(words):
        word = words[at]
        if word == "--":
            positional.extend(words[at + 1 :])
            break
        if not is_flag(word):
            positional.append(word)
            at += 1
            continue
        made = _argument(table, words, at)
        arguments.append(made)
        at += made.width
    return Line(tuple(arguments), tuple(positional))


def is_flag(word: str) -> bool:
    """Whether a word is read as a flag: a dash, and no negative number."""
    if len(word) < 2 or word[0] != "-":
        return False
    return not (word[1].isdigit() or (word[1] == "." and word[2:3].isdigit()))


def find(table: OptionTable, flag: str) -> tuple[Option, bool, tuple[str, ...]] | None:
    """The option of a flag as written, whether it sets it, and the JSON field it goes on to."""
    found = table.flag(flag)
    if found:
        return (*found, ())
    if "levels" in table.syntax and flag.startswith("-O") and flag != "-O":
        found = table.flag("--optimization-level")
        if found:
            return (*found, ())
    if flag.startswith("--") and "underscores" in table.syntax:
        found = table.flag("--" + flag[2:].replace("_", "-"))
        if found:
            return (*found, ())
    if "dots" in table.syntax and "." in flag:
        head, *path = flag.split(".")
        below = find(table, head)
        if below and below[0].type in ("json", "object", "mixed") and len(path) <= DEEPEST:
            return below[0], True, tuple(path)
    return None


def _argument(table: OptionTable, words: Sequence[str], at: int) -> Argument:
    word = words[at]
    name, equals, given = word.partition("=")
    cut = bool(equals) and "equals" in table.syntax
    flag = name if cut else word
    found = find(table, flag)
    if found is None:
        if cut:
            return Argument(at, flag, None, True, (given,))
        values = _until_flag(words, at + 1)
        return Argument(at, flag, None, True, values, width=1 + len(values))
    option, sets, path = found
    if cut:
        return Argument(at, flag, option, sets, (given,), path)
    if flag.startswith("-O") and "levels" in table.syntax:
        return Argument(at, flag, option, sets, (flag[2:],))
    values, missing = _values(option, words, at + 1, "greedy" in table.syntax)
    return Argument(at, flag, option, sets, values, path, missing, 1 + len(values))


def _values(
    option: Option, words: Sequence[str], start: int, greedy: bool
) -> tuple[tuple[str, ...], bool]:
    """The words an option takes from `start` on, and whether there are too few.

    A greedy parser takes the next words whatever they look like.
    """
    arity = "0" if option.boolean else option.arity
    if arity == "0":
        return (), False
    if greedy and arity.isdigit():
        taken = tuple(words[start : start + int(arity)])
        return taken, len(taken) < int(arity)
    free = _until_flag(words, start)
    if arity == "?":
        return free[:1], False
    if arity == "*":
        return free, False
    if arity == "+":
        return free, not free
    count = int(arity)
    return free[:count], len(free) < count


def _until_flag(words: Sequence[str], start: int) -> tuple[str, ...]:
    end = start
    while end < len(words) and not is_flag(words[end]):
        end += 1
    return tuple(words[start:end])
