"""The options of one version of one runtime: looked up by name or by flag, never typed by hand.

A table is read from `targets/<name>/options/<version>.json`, which the extract script of the target
writes from the installed runtime. A row holds only what differs from the usual: one flag
`--<name>`, one value, type `str`, no default.
"""

from __future__ import annotations

from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any


@record
class Option:
    """One option. `name` is its first long flag without dashes, with `-` for `_`.

    `flags` set it, `off` unset it (`--no-x`). `type`: `flag` (present or not), `switch` (on or off
    by its flags), `bool` (the words true and false), `int`, `size` (a whole number that may be
    written 8k), `float`, `str`, `json` (any JSON), `object` (a JSON object), `mixed` (a text, or a
    JSON object in braces). `arity`: values it takes, `0`, `1`, `?`, `*`, `+` or a number.
    `nullable`: the word None is taken for no value. `choices` are all values the parser lists,
    `also` other spellings it takes; `values` names the set in which the runtime looks the value up
    later, and `plugin` an option that can add to that set. `low` to `high`: bounds of a number;
    `above`, `below`: bounds it may not reach. `form`: that of the word, see
    `servec.compiler.options.forms`. `fold`: values are compared without case and dashes.
    `commas`: one word may hold several of the choices, with commas between.
    `repeat`: each use adds a value. `use`: what takes its place, where the runtime says so. `env`:
    the variable that sets it as well. `file`: it is no flag, the runtime reads it from its options
    file alone; `filed`: a flag that this file may say too, under its own name.
    """

    name: str
    flags: tuple[str, ...]
    off: tuple[str, ...] = ()
    type: str = "str"
    arity: str = "1"
    nullable: bool = False
    choices: tuple[str | int | float, ...] = ()
    also: tuple[str, ...] = ()
    values: str = ""
    plugin: str = ""
    default: Any = None
    low: float | None = None
    high: float | None = None
    above: float | None = None
    below: float | None = None
    form: str = ""
    fold: bool = False
    commas: bool = False
    repeat: bool = False
    required: bool = False
    env: str = ""
    env_off: str = ""
    deprecated: bool = False
    use: tuple[str, ...] = ()
    file: bool = False
    filed: bool = False

    @property
    def long(self) -> str:
        """The flag that is written: the long one the option is named after."""
        name = "--" + self.name
        return name if name in self.flags or not self.flags else self.flags[0]

    @property
    def boolean(self) -> bool:
        """Whether it is set by its presence alone."""
        return self.type in ("flag", "switch")


def plain(name: str) -> str:
    """A name as tables hold it: no leading dashes, `-` for `_`."""
    return name.lstrip("-").replace("_", "-")


class OptionTable:
    """All options and value sets of one version of a runtime.

    `rows` maps the name of an option to its row as stored; `removed` maps a flag that the parser
    only knows to refuse it to what it names instead. `syntax`: what the parser takes beside exact
    flags: `equals` (`--x=1`), `underscores` (`--a_b`), `dots` (`--json.key 1`), `levels` (`-O3`),
    `greedy` (a value may look like a flag), `leading` (numbers are read as far as they go),
    `whole` (no beginning of a flag is taken for it).
    `prefixes`: those of the runtime's own variables, which the set `env` lists; `plugins` gives
    those of its plug-ins. `sets` and `fields` read the value sets and the fields of JSON options.
    """

    __slots__ = (
        "_fields",
        "_flags",
        "_names",
        "_options",
        "_plugins",
        "_sets",
        "_spelt",
        "positional",
        "prefixes",
        "removed",
        "rows",
        "runtime",
        "syntax",
        "version",
    )

    def __init__(
        self,
        runtime: str,
        version: str,
        rows: Mapping[str, Mapping[str, Any]],
        removed: Mapping[str, tuple[str, ...]],
        positional: tuple[str, ...],
        syntax: frozenset[str],
        prefixes: tuple[str, ...],
        sets: Callable[[], Mapping[str, tuple[str, ...]]],
        fields: Callable[[], Mapping[str, Mapping[str, Any]]],
        plugins: Callable[[], tuple[str, ...]] = tuple,
    ) -> None:
        """Nothing is computed before it is asked for."""
        self.runtime, self.version = runtime, version
        self.rows, self.removed = rows, removed
        self.positional, self.syntax, self.prefixes = positional, syntax, prefixes
        self._flags: dict[str, tuple[str, bool]] | None = None
        self._names: dict[str, tuple[str, bool]] | None = None
        self._spelt: tuple[str, ...] | None = None
        self._options: dict[str, Option] = {}
        self._sets, self._fields, self._plugins = sets, fields, plugins

    def option(self, name: str) -> Option | None:
        """The option called `name`, by its own name or another long flag of it, as it is set."""
        found = self.find(name)
        return found[0] if found and found[1] else None

    def find(self, name: str) -> tuple[Option, bool] | None:
        """The option that the long flag `name` sets (True) or unsets (False)."""
        word = plain(name)
        if word in self.rows:
            return self._option(word), True
        if self._names is None:
            self._names = {
                plain(flag): found for flag, found in self._index().items() if flag.startswith("--")
            }
        found = self._names.get(word)
        return (self._option(found[0]), found[1]) if found else None

    def flag(self, token: str) -> tuple[Option, bool] | None:
        """The option that exactly this flag (`--x`, `-x`) sets (True) or unsets (False)."""
        found = self._index().get(token)
        return (self._option(found[0]), found[1]) if found else None

    def names(self) -> tuple[str, ...]:
        """The names of all options, sorted."""
        return tuple(sorted(self.rows))

    def flags(self) -> tuple[str, ...]:
        """All spellings, sorted."""
        if self._spelt is None:
            self._spelt = tuple(sorted(self._index()))
        return self._spelt

    def begun(self, start: str) -> tuple[str, ...]:
        """The spellings that begin so, sorted."""
        from bisect import bisect_left

        flags = self.flags()
        first = last = bisect_left(flags, start)
        while last < len(flags) and flags[last].startswith(start):
            last += 1
        return flags[first:last]

    def values(self, name: str) -> tuple[str, ...]:
        """The members of a value set (`tool_parsers`, `architectures`, …); empty where unknown."""
        return self._sets().get(name, ())

    def reads(self, variable: str) -> bool:
        """Whether the runtime reads a variable, also as one of a prefix that it writes anew: the
        set `env_prefixes` holds those as `OLD_=NEW_`. So does a plug-in of it."""
        read = self.values("env")
        renamed = (pair.partition("=") for pair in self.values("env_prefixes"))
        if variable in read or any(
            variable.startswith(old) and new + variable[len(old) :] in read
            for old, _, new in renamed
        ):
            return True
        return self.plugged(variable)

    def plugged(self, variable: str) -> bool:
        """Whether a variable begins as those do that plug-ins of the runtime read."""
        return variable.startswith(self._plugins())

    def sets(self) -> tuple[str, ...]:
        """The names of the value sets this version has."""
        return tuple(sorted(self._sets()))

    def fields(self, option: str) -> Mapping[str, Mapping[str, Any]]:
        """The fields of a JSON option by name, each a row like an option's; empty where unknown."""
        return self._fields().get(option, {})

    def _index(self) -> dict[str, tuple[str, bool]]:
        if self._flags is None:
            made: dict[str, tuple[str, bool]] = {}
            for name, row in self.rows.items():
                if row.get("file"):
                    continue
                for flag in row.get("flags") or ("--" + name,):
                    made[flag] = (name, True)
                for flag in row.get("off", ()):
                    made[flag] = (name, False)
            self._flags = made
        return self._flags

    def _option(self, name: str) -> Option:
        known = self._options.get(name)
        if known is None:
            row = self.rows[name]
            if "leading" in self.syntax and row.get("type") == "int":
                row = {**row, "form": "whole"}
            known = self._options[name] = option_of(name, row)
        return known


def option_of(name: str, row: Mapping[str, Any]) -> Option:
    """The option that a stored row describes."""
    kind = row.get("type", "str")
    given: dict[str, Any] = {key: tuple(v) if isinstance(v, list) else v for key, v in row.items()}
    given["default"] = row.get("default")
    given.setdefault("flags", () if row.get("file") else ("--" + name,))
    given.setdefault("arity", "0" if kind in ("flag", "switch") else "1")
    return Option(name=name, **given)
