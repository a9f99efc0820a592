"""What a command prints that does nothing else: `echo`, `printf`, `seq`, `cat` of a known file."""

from __future__ import annotations

import re
from posixpath import basename, dirname, normpath

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

FIELD = re.compile(r"%(%|(-?0?\d{0,3})(?:\.(\d{1,2}))?([sdifbqg]))")
MOST = 4096
ESCAPES = {"\\n": "\n", "\\t": "\t", "\\\\": "\\", '\\"': '"'}


def printed(words: Sequence[str], bodies: Sequence[str], files: Mapping[str, str]) -> str | None:
    """The text, without the line ends behind it; None for a command whose output is not known.

    `bodies`: the here documents that it reads. `files`: texts by path.
    """
    if not words:
        return None
    name, rest = words[0], list(words[1:])
    if name == "cat":
        found = bodies[0] if bodies and not rest else files.get(normpath(rest[0])) if rest else None
        return None if found is None or len(rest) > 1 else found.rstrip("\n")
    command = COMMANDS.get(name)
    if command is None or any("$(" in word or "${" in word for word in rest):
        return None
    try:
        made = command(rest)
    except (ValueError, IndexError):
        return None
    return None if made is None else made.rstrip("\n")


def _echo(words: list[str]) -> str:
    while words and re.fullmatch(r"-[neE]+", words[0]):
        words = words[1:]
    return " ".join(words)


def _printf(words: list[str]) -> str | None:
    form, values = words[0], words[1:]
    if form == "-v" or len(form) > MOST:
        return None
    made: list[str] = []
    while True:
        left = len(values)
        made.append(FIELD.sub(lambda found: _field(found, values), _unescaped(form)))
        if not values or len(values) == left:
            return "".join(made)


def _field(found: re.Match[str], values: list[str]) -> str:
    if found[1] == "%":
        return "%"
    value = values.pop(0) if values else ""
    if found[4] in "di":
        return f"%{found[2]}d" % int(value or 0)
    if found[4] in "fg":
        return f"%{found[2]}.{found[3] or 6}{found[4]}" % float(value or 0)
    return value


def _unescaped(text: str) -> str:
    return re.sub(r'\\[nt\\"]', lambda found: ESCAPES[found[0]], text)


def _seq(words: list[str]) -> str | None:
    separator = "\n"
    if words[0] == "-s":
        separator, words = words[1], words[2:]
    numbers = [int(word) for word in words]
    first, step, last = (
        (1, 1, *numbers)[-3:]
        if len(numbers) < 2
        else (numbers[0], numbers[1] if len(numbers) > 2 else 1, numbers[-1])
    )
    if not step or abs((last - first) // step) > MOST:
        return None
    return separator.join(map(str, range(first, last + (1 if step > 0 else -1), step)))


COMMANDS: dict[str, Callable[[list[str]], str | None]] = {
    "echo": _echo,
    "printf": _printf,
    "seq": _seq,
    "basename": lambda words: basename(words[0].rstrip("/")),
    "dirname": lambda words: dirname(words[0].rstrip("/")) or ".",
}
