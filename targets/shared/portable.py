"""The table from the language's fields to a runtime's options, readable in both directions.

`targets/<name>/portable.json` holds one row for each portable field, in the order in which a
command line names them. A row may be limited to versions (`since`, `until`) and says one of:

- `set`: the native options for any value; `$` stands for the value. A name that begins with `env:`
  is a variable; a mapping is a JSON option, merged with other rows that fill it.
- `words`: the native options for each word (`true` and `false` for booleans). `registry` and
  `choices` add the members of a value set, or the choices of an option, as words that go through
  `set`; the portable spelling has `_` for `-` (`lower`: in small letters); `drop` leaves some out.
- `by`: the target's code writes it; `options` are the options it may write, `names` its words,
  `product` the fields whose product such an option holds, `more` those that may say more than the
  field does, beside it.
  `then` beside `set` or `words`: the target's code adds to it.
- `lacks`: the runtime has no such thing, and why.

`soft`: a launch goes without it where it cannot be said, with a warning; else that is refused.
`otherwise`: how the option means something else than the field. `unit`: the option counts in this
many of the language's. `open`: with this field any word goes. `together`: the options of several
words may stand beside each other, so that none of them contradicts the field; `alone`: likewise,
and an option says a word where the word is that option and nothing more.

`product` tells an option that holds the product of several fields, or the value of one, where code
writes it. `read` lists further native spellings of a word. `folds` replace settings by an equal
shorter spelling.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache

from servec.compiler.options.versions import order
from servec.dsl.json_file import load_json
from servec.targets.shared.table import FOLDER, load_table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from servec.compiler.options.table import OptionTable


class Portable:
    """The rows that hold for one version of one runtime."""

    __slots__ = ("_options", "_table", "_words", "folds", "rows", "runtime", "version")

    def __init__(self, table: OptionTable, content: Mapping[str, Any]) -> None:
        """Keep the rows that hold for the version of `table`; nothing else is computed yet."""
        self.runtime, self.version, self._table = table.runtime, table.version, table
        now = order(table.version)
        rows: dict[str, Mapping[str, Any]] = {}
        for row in content["rows"]:
            if ("since" in row and order(row["since"]) > now) or (
                "until" in row and order(row["until"]) < now
            ):
                continue
            rows[row["path"]] = row
        self.rows: Mapping[str, Mapping[str, Any]] = rows
        self.folds: tuple[Mapping[str, Any], ...] = tuple(content["folds"])
        self._options: Mapping[str, tuple[str, ...]] | None = None
        self._words: dict[str, Mapping[str, Mapping[str, Any]]] = {}

    def lacks(self) -> dict[str, str]:
        """The portable fields that cannot be said here, with the reason."""
        rows = self.rows.items()
        return {path: row["lacks"] for path, row in rows if "lacks" in row and "soft" not in row}

    def spares(self) -> dict[str, str]:
        """The fields that are left out where they cannot be said, with the reason if it is known
        beforehand.
        """
        return {path: row.get("lacks", "") for path, row in self.rows.items() if "soft" in row}

    def otherwise(self) -> dict[str, str]:
        """The fields whose option means something else, and what."""
        return {path: row["otherwise"] for path, row in self.rows.items() if "otherwise" in row}

    def words(self, path: str) -> Mapping[str, Mapping[str, Any]]:
        """The words `path` knows here with their native options; empty where any value goes."""
        found = self._words.get(path)
        if found is None:
            found = self._words[path] = self._all_words(self.rows.get(path) or {})
        return found

    def limited(self) -> tuple[str, ...]:
        """The paths that take only certain words here."""
        keys = ("words", "registry", "choices", "names")
        return tuple(path for path, row in self.rows.items() if any(k in row for k in keys))

    def settings(self, path: str, value: object) -> Mapping[str, Any] | None:
        """The native options that say `path = value`; None where nothing says it.

        `value` is a word, a boolean, a number, a string, a list of numbers or a mapping. A row that
        the target's code writes gives None as well.
        """
        row = self.rows.get(path)
        if row is None or "lacks" in row or "by" in row:
            return None
        words = self.words(path)
        if words:
            word = str(value).lower() if isinstance(value, bool) else str(value)
            return words.get(word)
        return dict(_filled(row["set"], in_units(value, row.get("unit", 1))))

    def own_word(self, path: str, value: object) -> Mapping[str, Any]:
        """The native options for a word that the runtime learns from a file of the user's."""
        return dict(_filled(self.rows[path]["set"], value))

    def options(self) -> Mapping[str, tuple[str, ...]]:
        """Native option to the portable paths that it can be said by, in table order."""
        if self._options is None:
            made: dict[str, tuple[str, ...]] = {}
            for path, row in self.rows.items():
                for name in _named(row):
                    made[name] = (*made.get(name, ()), path)
            self._options = made
        return self._options

    def _all_words(self, row: Mapping[str, Any]) -> Mapping[str, Mapping[str, Any]]:
        made: dict[str, Mapping[str, Any]] = {}
        natives: tuple[str | int | float, ...] = ()
        if "registry" in row:
            natives = self._table.values(row["registry"])
        elif "choices" in row:
            option = self._table.option(row["choices"])
            natives = option.choices if option else ()
        dropped = set(row.get("drop", ()))
        shape = row.get("set") or {}
        for native in natives:
            text = str(native)
            if text not in dropped:
                word = text.replace("-", "_")
                made[word.lower() if row.get("lower") else word] = dict(_filled(shape, text))
        known = set(map(str, natives))
        for word, settings in row.get("words", {}).items():
            if not natives or _known(settings, known, shape):
                made[word] = settings
        for word in row.get("names", ()):
            made[word] = {}
        return made


@lru_cache
def load_portable(runtime: str, version: str) -> Portable:
    """The table of `runtime` for the version of an option table."""
    return Portable(load_table(runtime, version), _content(runtime))


@lru_cache
def _content(runtime: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = load_json(FOLDER, runtime, "portable.json")
    return found


def in_units(value: object, unit: int) -> object:
    """A number in the units of an option; a whole one stays whole."""
    if unit == 1 or isinstance(value, bool) or not isinstance(value, (int, Fraction)):
        return value
    made = Fraction(value) / unit
    return int(made) if made.denominator == 1 else made


def _filled(shape: Mapping[str, Any], value: object) -> Iterator[tuple[str, Any]]:
    for name, native in shape.items():
        if isinstance(native, dict):
            yield name, dict(_filled(native, value))
        else:
            yield name, value if native == "$" else native


def _known(settings: Mapping[str, Any], natives: set[str], shape: Mapping[str, Any]) -> bool:
    """Whether a translated word names members that this version has."""
    chosen = [settings[name] for name, native in shape.items() if native == "$"]
    return all(str(native) in natives for native in chosen)


def _named(row: Mapping[str, Any]) -> tuple[str, ...]:
    names = list(row.get("options", ()))
    shapes = [row.get("set", {}), *row.get("words", {}).values()]
    shapes += [settings for settings, _ in row.get("read", ())]
    for shape in shapes:
        names += [name for name in shape if name not in names]
    return tuple(names)
