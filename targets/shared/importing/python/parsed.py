"""The arguments of a program's own line, by what its parser declares (`argparse`)."""

from __future__ import annotations

from servec.targets.shared.importing.python.values import Instance, Table, Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

PARSERS = (
    *("argparse.ArgumentParser", "vllm.utils.FlexibleArgumentParser"),
    *("vllm.utils.argparse_utils.FlexibleArgumentParser", "ArgumentParser"),
    *("FlexibleArgumentParser", "transformers.HfArgumentParser"),
)
KINDS = {"int": int, "float": float, "str": str}
SWITCHES = {"store_true": True, "store_false": False}


class Parser:
    """What a parser declares: the names and the keywords of each argument, in order."""

    __slots__ = ("declared",)

    def __init__(self) -> None:
        """Nothing yet."""
        self.declared: list[tuple[list[str], Table]] = []

    def declare(self, names: Sequence[Any], keywords: Table) -> None:
        """An argument of the program."""
        spelt = [name for name in names if isinstance(name, str)]
        if spelt and len(self.declared) < 1000:
            self.declared.append((spelt, keywords))

    def read(self, words: Sequence[str]) -> Instance:
        """What the program gets for the words of its line: those, the defaults, and None."""
        made = Instance()
        given, made.rest = _given(self, words)
        for names, keywords in self.declared:
            name = _dest(names, keywords)
            action = keywords.get("action")
            default = SWITCHES.get(action) if isinstance(action, str) else None
            fallback = keywords.get("default", None if default is None else not default)
            spot = keywords.spots.get("default")
            if name in given:
                made.attributes.put(name, _typed(given[name], keywords, default), None)
            elif "default" not in keywords and _demanded(names, keywords):
                made.attributes.put(name, Unknown(f"args.{name}"), None)
            else:
                made.attributes.put(name, fallback, spot)
        return made


def _demanded(names: Sequence[str], keywords: Table) -> bool:
    return not names[0].startswith("-") or keywords.get("required") is True


def _dest(names: Sequence[str], keywords: Table) -> str:
    stated = keywords.get("dest")
    if isinstance(stated, str):
        return stated
    long = next((name for name in names if name.startswith("--")), names[0])
    return long.lstrip("-").replace("-", "_")


def _given(parser: Parser, words: Sequence[str]) -> tuple[dict[str, list[str]], tuple[str, ...]]:
    """The words of each argument that the line names, and those of no argument."""
    found: dict[str, list[str]] = {}
    rest: list[str] = []
    places = [row for row in parser.declared if not row[0][0].startswith("-")]
    at = 0
    while at < len(words):
        flag, equals, value = words[at].partition("=")
        at += 1
        row = next((row for row in parser.declared if flag in row[0]), None)
        if row is None or not flag.startswith("-"):
            if places and not flag.startswith("-"):
                found[_dest(*places.pop(0))] = [words[at - 1]]
            else:
                rest.append(words[at - 1])
            continue
        most = 0 if row[1].get("action") in SWITCHES else 1
        most = 100 if row[1].get("nargs") in ("+", "*") else most
        held = [value] if equals else []
        while held[:1] != [value] and len(held) < most and at < len(words):
            if words[at].startswith("--"):
                break
            held.append(words[at])
            at += 1
        found[_dest(*row)] = held
    return found, tuple(rest)


def _typed(words: Sequence[str], keywords: Table, switched: bool | None) -> Any:
    if switched is not None:
        return switched
    kind = KINDS.get(getattr(keywords.get("type"), "path", "str"), str)
    try:
        values = [kind(word) for word in words]
    except ValueError:
        return Unknown(" ".join(words))
    if keywords.get("nargs") in ("+", "*"):
        return values
    return values[0] if values else True
