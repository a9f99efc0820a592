"""A release without an option table, as far as its source and its neighbours tell.

Most are from before the tables. One between two of them is judged so where its source was read.
"""

from __future__ import annotations

import json
import os
from functools import lru_cache

from servec.compiler.options.versions import is_exact, order
from servec.dsl.record import record
from servec.targets.shared.aside import load_successors
from servec.targets.shared.past.spans import holds
from servec.targets.shared.table import FOLDER, load_table, versions

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from servec.compiler.catalogue.classed import Classed
    from servec.compiler.model import Model
    from servec.compiler.options.table import OptionTable


SWITCHES = ("flag", "switch")
"""Types of flags that take no word."""


@record
class Release:
    """One release. `below` and `above`: the releases read that are next to it, or itself twice.

    Every question has three answers, since what lies between two releases is not known: True where
    both neighbours have it, False where neither has, None otherwise. `table`: the oldest table,
    or the one before the release, by whose rules the rest is judged.
    """

    runtime: str
    version: str
    below: str
    above: str
    table: str
    document: Mapping[str, Any]

    def flag(self, flag: str) -> bool | None:
        """Whether its parser takes a flag, spelt as the parser has it."""
        row = self.document["flags"].get(flag)
        found = self._there(row[0]) if row else False
        if found is False and not self.below:
            return None
        return self._between(found, lambda table: table.flag(flag) is not None)

    def nearest(self, flag: str) -> str:
        """The flag that it surely takes which is spelt most like another, "" where none is."""
        from difflib import get_close_matches

        near = get_close_matches(flag, self.document["flags"], 5, 0.8)
        return next((item for item in near if self.flag(item)), "")

    def took(self, flag: str) -> Mapping[str, Any]:
        """`type`, `arity` and `choices` of a flag, empty where the neighbours differ in them."""
        rows = self.document["flags"].get(flag, ("",))[1:]
        for text, held in rows:
            if self._there(text):
                found: Mapping[str, Any] = held
                return found
        return {} if any(self._there(text) is None for text, _ in rows) else {"type": "str"}

    def unread(self, name: str) -> bool:
        """Whether a variable was surely gone by this release."""
        row = load_successors(self.runtime).get(name)
        return row is not None and bool(row.gone) and order(row.gone) <= order(self.version)

    def wants(self, flag: str) -> bool:
        """Whether a flag that was a switch surely takes the word behind it, be it another flag."""
        rows = self.document["flags"].get(flag, ("",))[1:]
        was = any(held.get("type") == "flag" for _, held in rows)
        greedy = "greedy" in load_table(self.runtime, self.table).syntax
        took = self.took(flag)
        return greedy and was and bool(took) and took.get("type", "str") not in SWITCHES

    def bare(self, flag: str) -> bool:
        """Whether a flag surely wants a word that may not be another flag: its parser is not
        greedy, and the table takes one word as well."""
        table = load_table(self.runtime, self.table)
        option, took = table.flag(flag), self.took(flag)
        if option is None or "greedy" in table.syntax or not took:
            return False
        single = option[0].arity == "1" and not option[0].boolean
        return single and took.get("type") not in SWITCHES and not took.get("arity")

    def lasts(self, flag: str) -> bool:
        """Whether the tables before and behind the release take the same words for a flag, and its
        source lists none."""
        here = order(self.version)
        later = next((v for v in versions(self.runtime) if order(v) > here), "")
        if not later or order(self.table) > here or self.choices(flag):
            return False
        both = [load_table(self.runtime, version).flag(flag) for version in (self.table, later)]
        words = [(found[0].form, found[0].choices) for found in both if found]
        return len(words) == 2 and words[0] == words[1]

    def choices(self, flag: str) -> tuple[Any, ...]:
        """What the parser lists for a flag, with either neighbour's; empty where one lists none."""
        rows = self.document["flags"].get(flag, ("",))[1:]
        found: dict[Any, None] = {}
        for version in filter(None, (self.below, self.above)):
            listed = [held.get("choices", ()) for text, held in rows if holds(text, version)]
            if not listed or not listed[0]:
                return ()
            found.update(dict.fromkeys(listed[0]))
        return tuple(found) if self.above else ()

    def ever(self, flag: str) -> str:
        """When a flag was there at all, "" for never."""
        row = self.document["flags"].get(flag)
        return (row[0] or "..") if row else ""

    def before(self, flag: str) -> bool:
        """Whether an earlier release had a flag."""
        row = self.document["flags"].get(flag)
        return bool(row) and self.was(row[0] or "..")

    def was(self, text: str) -> bool:
        """Whether a stretch of releases that is not empty begins before this one."""
        starts = (part.partition("..")[0] for part in text.split())
        return any(not start or order(start) < order(self.version) for start in starts)

    def next_seen(self, flag: str) -> str:
        """The first release behind this one that has a flag, "" where none is known."""
        row = self.document["flags"].get(flag)
        return self._next(row[0] if row else "", lambda table: table.flag(flag) is not None)

    def span_of(self, kind: str, name: str) -> str:
        """When a set of its source held a name at all, "" for never."""
        held = self.document["sets"].get(kind, {})
        return (held[name] or "..") if name in held else ""

    def first_with(self, kind: str, name: str) -> str:
        """The first release behind this one whose set holds a name, "" where none is known."""
        return self._next(self.span_of(kind, name), lambda table: name in table.values(kind))

    def _next(self, text: str, has: Callable[[OptionTable], bool]) -> str:
        for part in text.split():
            first = str(part.partition("..")[0])
            if first and order(first) > order(self.version):
                return first
        known = [v for v in versions(self.runtime) if order(v) > order(self.version)]
        return next((v for v in known if has(load_table(self.runtime, v))), "")

    def member(self, kind: str, name: str) -> bool | None:
        """Whether a set of its source holds a name."""
        held = self.document["sets"].get(kind)
        if held is None:
            return None
        found = self._there(held[name]) if name in held else False
        if not self.above and not load_table(self.runtime, self.table).values(kind):
            return None
        return self._between(found, lambda table: name in table.values(kind))

    def knows(self, kind: str, model: Model | Classed) -> bool | None:
        """Whether a set of its source holds the class or the type of a model."""
        names = [model.architecture, model.model_type]
        if self.member("architectures", model.architecture) is False:
            from servec.compiler.search.generic import converted, earlier

            if kind == "architectures" and earlier(model.architecture, self.runtime, self.version):
                return True
            names += converted(model.architecture, self.runtime, self.version, kind)
        found = {self.member(kind, name) for name in names}
        return True if True in found else None if None in found else False

    def told(self, model: Model | Classed, kind: str = "architectures") -> bool:
        """Whether its source tells which models it has, and this one is in doubt by it or known."""
        sets = self.document["sets"]
        return self.reads(kind) or (
            "own_types" in sets
            and ("auto_types" in sets or self.knows("own_types", model) is not False)
        )

    def reads(self, kind: str) -> bool:
        """Whether a set surely holds anything."""
        held = self.document["sets"].get(kind, {})
        return any(self._there(text) for text in held.values())

    def members(self, kind: str) -> tuple[str, ...]:
        """What a set surely holds."""
        held = self.document["sets"].get(kind, {})
        return tuple(name for name, text in held.items() if self._there(text))

    def least(self, method: str) -> int:
        """The compute capability (75) that a quantisation surely asks for, 0 where untold."""
        rows = self.document.get("least", {}).get(method, ())
        found = [
            [number for text, number in rows if holds(text, version)]
            for version in (self.below, self.above)
            if version
        ]
        return min((each[0] if each else 0 for each in found), default=0)

    def dtypes(self, method: str) -> tuple[str, ...]:
        """The dtypes that a quantisation surely computes in alone, empty where untold."""
        rows = self.document.get("dtypes", {}).get(method, ())
        found = [held for text, held in rows if self._there(text)]
        return tuple(found[0]) if found else ()

    def _between(self, found: bool | None, has: Callable[[OptionTable], bool]) -> bool | None:
        """An answer of the last release read, where the oldest table gives the same."""
        if self.above or found is None:
            return found
        return found if has(load_table(self.runtime, self.table)) is found else None

    def _there(self, text: str) -> bool | None:
        if self.below == self.above:  # it was read itself
            return holds(text, self.below) if self.below else None
        found = {holds(text, version) for version in (self.below, self.above) if version}
        return found.pop() if len(found) == 1 else None


@lru_cache
def load_past(runtime: str) -> Mapping[str, Any] | None:
    """The document of a runtime, None where its past was not read."""
    path = os.path.join(FOLDER, runtime, "past.json")
    if not os.path.exists(path):
        return None
    with open(path, encoding="utf-8") as file:
        found: dict[str, Any] = json.load(file)
    return found


def past_release(runtime: str, stated: str) -> Release | None:
    """The release that a text names, None where it has a table or is one of those read by none."""
    known = versions(runtime)
    if not known or not is_exact(stated) or stated in known:
        return None
    document = load_past(runtime) or {"versions": (), "flags": {}, "sets": {}}
    read = document["versions"]
    tables = [version for version in known if order(version) < order(stated)]
    if tables and (not read or order(read[-1]) < order(stated)):
        return None
    below = [version for version in read if order(version) <= order(stated)]
    above = [version for version in read if order(version) >= order(stated)]
    low, high = below[-1] if below else "", above[0] if above else ""
    table = tables[-1] if tables else known[0]
    return Release(runtime, stated, low, high, table, document)
