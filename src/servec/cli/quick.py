"""Parses command lines that are in order, without importing argparse.

argparse with what it imports takes 4 ms, a tenth of a whole `check`. So a command's `register` is
first called with a `Quick`, which reads the plain part of argparse's language: flags, options with
one value and perhaps choices, positionals. Anything else, and any command line that is not plainly
right, is left to argparse, which alone knows how to complain.
"""

from __future__ import annotations

from types import SimpleNamespace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class NotPlain(Exception):
    """Ask argparse."""


class Quick:
    """Takes `add_argument` calls as `argparse.ArgumentParser` does."""

    def __init__(self) -> None:
        """Nothing is known at first."""
        self._options: dict[str, tuple[str, bool, tuple[str, ...] | None]] = {}
        self._positionals: list[tuple[str, str, tuple[str, ...] | None]] = []
        self._values: dict[str, Any] = {}

    def __getattr__(self, name: str) -> Any:
        """Whatever else argparse can do is not plain."""
        raise NotPlain(name)

    def add_argument(
        self,
        *names: str,
        action: str = "store",
        nargs: str = "",
        default: Any = None,
        choices: tuple[str, ...] | None = None,
        help: str = "",
        metavar: str = "",
        **more: Any,
    ) -> None:
        """Note one argument; what is not plain raises `NotPlain`."""
        option = names[0].startswith("-")
        if more or action not in ("store", "store_true") or (option and nargs):
            raise NotPlain(names[0])
        long = next((name for name in names if name.startswith("--")), names[0])
        key = long.lstrip("-").replace("-", "_")
        self._values[key] = False if action == "store_true" else default
        if option:
            for name in names:
                self._options[name] = (key, action == "store", choices)
        else:
            self._positionals.append((key, nargs, choices))

    def parse(self, words: list[str]) -> Any:
        """A namespace; `NotPlain` where the words are not plainly right."""
        free: list[str] = []
        left = iter(words)
        for word in left:
            if word == "-" or not word.startswith("-"):
                free.append(word)
            else:
                self._take(word, left)
        self._place(free)
        return SimpleNamespace(**self._values)

    def _take(self, word: str, left: Any) -> None:
        name, equals, value = word.partition("=")
        if name not in self._options:
            raise NotPlain(word)
        key, takes, choices = self._options[name]
        if not takes:
            if equals:
                raise NotPlain(word)
            self._values[key] = True
            return
        if not equals:
            value = next(left, "-")
            if value.startswith("-"):
                raise NotPlain(word)
        elif not name.startswith("--"):
            raise NotPlain(word)
        if choices is not None and value not in choices:
            raise NotPlain(word)
        self._values[key] = value

    def _place(self, free: list[str]) -> None:
        """Give the free words to the positionals, of which only the last may take many or none."""
        for at, (key, nargs, choices) in enumerate(self._positionals):
            last = at == len(self._positionals) - 1
            if nargs and not last:
                raise NotPlain(key)
            taken, free = (free, []) if nargs in ("+", "*") else (free[:1], free[1:])
            if choices is not None and any(word not in choices for word in taken):
                raise NotPlain(key)
            if not taken and nargs in ("", "+"):
                raise NotPlain(key)
            if nargs in ("+", "*"):
                self._values[key] = taken
            elif taken:
                self._values[key] = taken[0]
        if free:
            raise NotPlain(free[0])
