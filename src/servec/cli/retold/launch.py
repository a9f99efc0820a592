"""A launch line laid out as a text, an option on each line, with the place of each of its parts."""

from __future__ import annotations

import re
import shlex

from servec.compiler.options.argv import read
from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from servec.compiler.options.argv import Argument
    from servec.compiler.options.table import OptionTable

    Part = tuple[int, int]

SECRET = re.compile(r"(?:.*-)?(?:api-key|(?:hf|auth|access)-token|password|secret)s?")
"""Options whose values are shown to nobody."""
LONGEST = 120
"""Characters of a value in the layout; a longer one is cut, as nobody reads on."""


@record
class Place:
    """Where an option stands in a file, as byte offsets: from its flag on, and its value alone.

    `flag` and `value` are as written; a switch has no value. `keyword`: it is one of a call in
    Python.
    """

    file: str
    start: int
    end: int
    flag: str
    value: str = ""
    value_start: int = 0
    keyword: bool = False


@record
class Launch:
    """`text` is shown as `path`. `places`: by the options' names in the table, and by `program`,
    `hardware`, `version`, `model` and `env.NAME` for what is no option. `keywords`: they are those
    of a call in Python."""

    path: str
    text: str
    places: Mapping[str, Place]
    keywords: bool = False


def launch_of(
    path: str,
    table: OptionTable,
    program: Sequence[str],
    words: Sequence[str],
    short: Mapping[str, str],
    env: Mapping[str, str],
    stated: tuple[str, str],
) -> Launch:
    """The layout of one command. `short`: flags that it cuts short, and what they stand for.
    `stated`: its version and its hardware, as they head it."""
    page = _Page(path)
    version, hardware = stated
    page.add("# ")
    page.mark("version", version)
    if hardware:
        page.add(" on ")
        page.mark("hardware", hardware)
    for name, value in env.items():
        page.add("\n")
        page.mark(f"env.{name}", f"{name}=", _quoted(value))
        page.add(" \\")
    page.add("\n")
    page.mark("program", " ".join(map(_quoted, program)))
    for key, flag, value in _parts(table, words, short):
        page.add(" " if key == "model" else " \\\n  ")
        page.mark(key, flag, value)
    return Launch(path, "".join(page.parts) + "\n", page.places)


def _parts(
    table: OptionTable, words: Sequence[str], short: Mapping[str, str]
) -> Iterator[tuple[str, str, str]]:
    """What stands behind the program, in order: a key, and the flag and value as written.

    Words without a flag come first, as the model does.
    """
    arguments = read(table, [_whole(word, short) for word in words]).arguments
    taken = {at for item in arguments for at in range(item.index, item.index + item.width)}
    free = [word for at, word in enumerate(words) if at not in taken]
    for at, word in enumerate(free):
        yield ("model" if at == 0 else f"word.{at}"), "", _quoted(word)
    for item in arguments:
        key = _key(item)
        flag, value = _written(words[item.index : item.index + item.width])
        yield key, flag, "..." if value and SECRET.fullmatch(key) else value


def _whole(word: str, short: Mapping[str, str]) -> str:
    """A word with the flag that it is short for."""
    head, equals, value = word.partition("=")
    return f"{short[head]}{equals}{value}" if head in short else word


def _key(item: Argument) -> str:
    return item.option.name if item.option is not None else item.flag.lstrip("-").replace("_", "-")


def _written(words: Sequence[str]) -> tuple[str, str]:
    """The flag with the space or sign behind it, and the value."""
    flag, equals, value = words[0].partition("=")
    if equals:
        return f"{flag}=", _quoted(value)
    rest = " ".join(map(_quoted, words[1:]))
    return (f"{flag} ", rest) if rest else (flag, "")


def _quoted(word: str) -> str:
    """A word as a shell takes it; in double quotes where it holds single ones alone."""
    cut = word if len(word) <= LONGEST else word[: LONGEST - 3] + "..."
    if "'" in cut and not set('"$`\\!') & set(cut):
        return f'"{cut}"'
    return shlex.quote(cut) if cut.isprintable() else repr(cut)


class _Page:
    """The text while it is written, and the places in it."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.parts: list[str] = []
        self.places: dict[str, Place] = {}
        self.at = 0

    def add(self, text: str) -> None:
        """Write on."""
        self.parts.append(text)
        self.at += len(text.encode())

    def mark(self, key: str, flag: str, value: str = "") -> None:
        """Write a part; of a key that comes twice the last one counts, as it does for parsers."""
        start, middle = self.at, self.at + len(flag.encode())
        self.add(flag + value)
        self.places[key] = Place(self.path, start, self.at, flag, value, middle)
