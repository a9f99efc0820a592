"""The options on a line of a program that starts a runtime by calls of its own, and a page that
shows the line with the place of each."""

from __future__ import annotations

import json
import re
import shlex

from servec.dsl.record import record
from servec.targets.shared.importing.python.written import Argument

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

NUMBER = re.compile(r"-?\d+")
REAL = re.compile(r"-?(\d+\.\d*|\.\d+|\d+(\.\d*)?[eE][-+]?\d+)")
NAME = re.compile(r"\$\{?([A-Za-z_]\w*)\}?")
WORDS = {"true": True, "false": False, "none": None, "null": None}
FILES = (".yaml", ".yml", ".json")
LONGEST = 2_000
"""Characters of a value that is read as JSON."""


@record
class Open:
    """A value that the line does not tell: a variable that nothing sets."""

    text: str


@record
class Said:
    """An option: the peer's name for it, its value, and where it stands."""

    name: str
    value: Any
    argument: Argument


class Page:
    """The line as a text while it is written."""

    def __init__(self, program: str) -> None:
        """The program alone."""
        self.text = ""
        self.write(program)
        self.head = len(self.text.encode())

    def write(self, text: str) -> int:
        """Write on; where it begins, in bytes."""
        at = len(self.text.encode())
        self.text += text
        return at

    def option(self, flag: str, value: str) -> Argument:
        """Write a flag, with what joins it to its value, and the value."""
        start = self.write(flag)
        middle = self.write(value)
        return Argument(flag, value, start, len(self.text.encode()), middle, True)


def value_of(text: str) -> Any:
    """A word as the value that the peers' parsers make of it."""
    if (found := NAME.fullmatch(text)) is not None:
        return Open(found[1])
    if "$" in text:
        return Open(text)
    if NUMBER.fullmatch(text) and len(text) < 20:
        return int(text)
    if REAL.fullmatch(text):
        return float(text)
    if text[:1] in "{[" and len(text) < LONGEST:
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            return text
    return WORDS.get(text.lower(), text)


def options(
    words: Sequence[str], row: Mapping[str, Any], page: Page, files: Mapping[str, str]
) -> Iterator[Said]:
    """The options of a line, each written on the page. `row`: the peer's (see peers.py)."""
    reads = {"fields": _fields, "extras": _extras, "pairs": _pairs, "dotted": _dotted}
    yield from reads[row["reads"]](words, row, page)
    for word in words:
        if word.lower().endswith(FILES) and word in files:
            yield from _filed(word, files[word], page)


def _fields(words: Sequence[str], row: Mapping[str, Any], page: Page) -> Iterator[Said]:
    """`--name value`, `--name=value`, a switch, or several values behind a flag; the first word
    that stands alone where the row says what it is (`first`)."""
    at, short, first = 0, row.get("short", {}), row.get("first", "")
    while at < len(words) and words[at] != row.get("behind"):
        flag, equals, value = words[at].partition("=")
        at += 1
        if first and not flag.startswith("-"):
            yield Said(first, value_of(words[at - 1]), page.option(" ", shlex.quote(words[at - 1])))
            first = ""
            continue
        if not flag.startswith("--") and flag not in short:
            found = page.option(f" \\\n  {flag}{equals}", shlex.quote(value) if value else "")
            if equals:
                yield Said(flag, value_of(value), _bare(found))
            continue
        given = [value] if equals else []
        while not equals and at < len(words) and not words[at].startswith("--"):
            if words[at] in short:
                break
            given.append(words[at])
            at += 1
        name = short.get(flag, flag[2:].replace("-", "_"))
        yield _said(page, name, f"{flag}{equals or (' ' if given else '')}", given)


def _extras(words: Sequence[str], row: Mapping[str, Any], page: Page) -> Iterator[Said]:
    """Options of the program, and any other flag with a value, by the name that it is typed by."""
    at = 0
    while at < len(words):
        flag, equals, value = words[at].partition("=")
        count = 2 if flag in row["pairs"] else 0 if flag in row["switches"] else 1
        given = [value] if equals else list(words[at + 1 : at + 1 + count])
        at += 1 if equals else 1 + count
        plain = flag.lstrip("-").replace("-", "_")
        own = row["short"].get(flag) or (plain if plain in row["options"] else "")
        joined = f"{flag}{equals or (' ' if given else '')}"
        yield _said(page, own or flag.lstrip("-"), joined, given)


def _pairs(words: Sequence[str], row: Mapping[str, Any], page: Page) -> Iterator[Said]:
    """The pairs behind one flag, or in the first word without one, and the flags beside it."""
    at, within = 0, row["within"]
    while at < len(words):
        flag, equals, value = words[at].partition("=")
        dashed = flag.startswith("-")
        name = row.get("short", {}).get(flag, flag.lstrip("-").replace("-", "_")) if dashed else ""
        given = [value] if dashed and equals else []
        start, at = at, at + 1
        while dashed and not equals and at < len(words) and not words[at].startswith("-"):
            given.append(words[at])
            at += 1
        if name != within or (not dashed and start):
            if dashed:
                yield _said(page, name, f"{flag}{equals or (' ' if given else '')}", given)
            else:
                page.write(f" \\\n  {shlex.quote(words[start])}")
            continue
        page.write(f" \\\n  {flag}{equals or ' '}" if dashed else " \\\n  ")
        for word in given if dashed else [words[start]]:
            yield from _paired(word, page)


def _paired(word: str, page: Page) -> Iterator[Said]:
    """`a=b,c=d` as one word; a comma within brackets parts nothing."""
    for number, pair in enumerate(re.split(r",(?![^{\[]*[}\]])", word)):
        page.write("," if number else "")
        key, equals, value = pair.partition("=")
        found = page.option(f"{key}{equals}", value)
        if key:
            yield Said(key, value_of(value) if equals else True, found)
    page.write(" ")


def _dotted(words: Sequence[str], row: Mapping[str, Any], page: Page) -> Iterator[Said]:
    """`a.b=c`, with a sign before it where it adds a key; of what is beneath no root, what the row
    names `beside`."""
    for word in words:
        key, equals, value = word.partition("=")
        found = page.option(f" \\\n  {key}{equals}", shlex.quote(value) if value else "")
        plain = key.lstrip("+")
        rooted = plain.startswith(row["root"])
        if equals and (rooted or plain in row.get("beside", ())):
            name = plain[len(row["root"]) :] if rooted else plain
            yield Said(name, value_of(value.strip("'\"")), _bare(found))


def _filed(path: str, text: str, page: Page) -> Iterator[Said]:
    """The keys of a file that the line names, as a remark beneath it."""
    import yaml

    try:
        held = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError):
        return
    for key, value in held.items() if isinstance(held, dict) else ():
        shown = value if isinstance(value, str) else json.dumps(value, default=str)
        made = value_of(value) if isinstance(value, str) else value
        page.write(f"\n# {path}: ")
        yield Said(str(key), made, page.option(f"{key}: ", shown))


def _said(page: Page, name: str, flag: str, given: Sequence[str]) -> Said:
    found = _bare(page.option(f" \\\n  {flag}", " ".join(map(shlex.quote, given))))
    made = [value_of(word) for word in given]
    return Said(name, True if not made else made[0] if len(made) == 1 else made, found)


def _bare(found: Argument) -> Argument:
    """An argument without the line break that stands before it."""
    shift = len(" \\\n  ")
    typed = found.typed[shift:]
    return Argument(typed, found.value, found.start + shift, found.end, found.value_start, True)
