"""The options and variables of one command, gathered by name and written once each."""

from __future__ import annotations

import json
from fractions import Fraction

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from servec.compiler.options.table import OptionTable


class Settings:
    """Native options in the order in which they were first set; a later value replaces.

    JSON options merge key by key. Two spellings of one option are one entry, written as first
    spelt. Values are booleans, numbers, strings, lists and mappings.
    """

    __slots__ = ("_names", "_options", "_table", "env")

    def __init__(self, table: OptionTable) -> None:
        """Start empty; `table` knows which names are one option."""
        self._table = table
        self._options: dict[str, Any] = {}
        self._names: dict[str, str] = {}
        self.env: dict[str, str] = {}

    def apply(self, settings: Mapping[str, Any]) -> None:
        """Take over native settings; a name that begins with `env:` is a variable."""
        for name, value in settings.items():
            if name.startswith("env:"):
                self.env[name[4:]] = str(value)
            else:
                self.set(name, value)

    def set(self, name: str, value: object) -> None:
        """Set one option, merging into a mapping that is already there."""
        key = self._key(name)
        self._names.setdefault(key, name)
        self._options[key] = _merged(self._options.get(key), value)

    def get(self, name: str) -> object | None:
        """The value of an option so far, None where it is not set."""
        found: object | None = self._options.get(self._key(name))
        return found

    def knows(self, name: str) -> bool:
        """Whether this version has the option."""
        return self._table.find(name) is not None

    def choices(self, name: str) -> tuple[Any, ...]:
        """The values the parser lists for an option, in its order."""
        option = self._table.option(name)
        return option.choices if option else ()

    def drop(self, *names: str) -> None:
        """Forget options."""
        for name in names:
            self._options.pop(self._key(name), None)

    def fold(self, folds: Iterable[Mapping[str, Any]]) -> None:
        """Replace settings that have an equal, shorter spelling."""
        for fold in folds:
            if all(_says(self.get(name), value) for name, value in fold["from"].items()):
                for name, value in fold["from"].items():
                    self._take(name, value)
                self.apply(fold["to"])

    def _take(self, name: str, value: object) -> None:
        """Forget what a fold says; the rest of a JSON option stays."""
        held = self.get(name)
        self.drop(name)
        if isinstance(held, dict) and isinstance(value, dict):
            left = {key: item for key, item in held.items() if key not in value}
            if left:
                self.set(name, left)

    def argv(self) -> tuple[str, ...]:
        """The words of the command line, each option by its long name."""
        words: list[str] = []
        for key, value in self._options.items():
            if not self._filed(key):
                words += self._words(self._names[key], value)
        return tuple(words)

    def filed(self) -> dict[str, Any]:
        """What goes to the runtime's options file, by its name there; numbers as JSON has them."""
        return {
            key.replace("-", "_"): _plain(value)
            for key, value in self._options.items()
            if self._filed(key)
        }

    def flags(self) -> dict[str, Any]:
        """What is said on the command line, by the names of the table."""
        return {k: v for k, v in self._options.items() if not self._filed(k)}

    def copy(self) -> Settings:
        """An independent copy, for a process that differs in a few options."""
        made = Settings(self._table)
        made._options.update(self._options)
        made._names.update(self._names)
        made.env.update(self.env)
        return made

    def _key(self, name: str) -> str:
        found = self._table.find(name)
        return found[0].name if found else name

    def _filed(self, key: str) -> bool:
        option = self._table.option(key)
        return option is not None and option.file

    def _words(self, name: str, value: object) -> list[str]:
        option = self._table.option(name)
        if option is not None and "--" + name not in option.flags:
            name = option.long.removeprefix("--")
        if option is not None and option.type == "bool" and isinstance(value, bool):
            return ["--" + name, text_of(value)]
        if value is True:
            return ["--" + name]
        if value is False:
            off = option.off if option else ()
            return [next((flag for flag in off if flag.startswith("--")), off[0])] if off else []
        if isinstance(value, (list, tuple)) and option is not None:
            items = [text_of(item) for item in value]
            if option.repeat and option.arity == "1":
                return [word for item in items for word in ("--" + name, item)]
            if option.arity != "1":
                return ["--" + name, *items]
        text = text_of(value)
        if text.startswith("-") and "greedy" not in self._table.syntax:
            return [f"--{name}={text}"]
        return ["--" + name, text]


def _says(held: object, value: object) -> bool:
    """Whether an option says all of a value; a JSON object may say more."""
    if isinstance(held, dict) and isinstance(value, dict):
        return all(key in held and held[key] == item for key, item in value.items())
    return held == value


def text_of(value: object) -> str:
    """A native value as one word: numbers without exponents, mappings and lists as JSON."""
    if isinstance(value, str):
        return value
    if isinstance(value, (dict, list, tuple)):
        return json.dumps(_plain(value), separators=(",", ":"))
    if isinstance(value, bool):
        return "true" if value else "false"
    number = _plain(value)
    if isinstance(number, float):
        return f"{number:.12f}".rstrip("0").rstrip(".")
    return str(number)


def _plain(value: object) -> object:
    if isinstance(value, Fraction):
        return int(value) if value.denominator == 1 else float(value)
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value


def _merged(old: object, new: object) -> object:
    if isinstance(old, dict) and isinstance(new, dict):
        return {**old, **{key: _merged(old.get(key), item) for key, item in new.items()}}
    return new
