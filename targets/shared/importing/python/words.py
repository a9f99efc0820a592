"""Keywords of an engine's constructor as the words of a line of the runtime, for one release."""

from __future__ import annotations

import json

from servec.compiler.options.versions import is_exact
from servec.targets.shared.importing.typed import exact
from servec.targets.shared.past.release import SWITCHES, past_release
from servec.targets.shared.settings import text_of
from servec.targets.shared.table import load_table, picked, versions

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from servec.compiler.options.table import Option


class Dialect:
    """How a release of a runtime is told something: by its table, or as its source has it."""

    def __init__(self, runtime: str, version: str) -> None:
        """`version`: as it was stated, "" for the newest."""
        self.past = past_release(runtime, version) if is_exact(version) else None
        name = self.past.table if self.past is not None else picked(runtime, version).version
        self.table = load_table(runtime, name or versions(runtime)[-1])

    def option(self, name: str) -> Option | None:
        """The option of the table that a keyword stands for."""
        return self.table.option(name)

    def flag(self, name: str) -> str:
        """The flag of a keyword, as this release spells it; "" where it has none."""
        option = self.table.option(name)
        own = "--" + name.replace("_", "-")
        if self.past is None:
            return (own if option and own in option.flags else option.long) if option else ""
        spelt = (own, "--" + name, *(option.flags if option is not None else ()))
        there = [flag for flag in spelt if self.past.flag(flag)]
        likely = [flag for flag in spelt if self.past.flag(flag) is None and option is not None]
        return next(iter((*there, *likely)), "")

    def words(self, flag: str, option: Option | None, value: Any) -> tuple[str, ...]:
        """The words that say a value; none where that is what the flag's absence says."""
        if isinstance(value, bool):
            return self._switch(flag, option, value)
        if isinstance(value, (list, tuple)):
            arity = option.arity if option is not None else "1"
            items = [text_of(exact(item)) for item in value]
            if option is not None and option.repeat and arity == "1":
                return tuple(word for item in items for word in (flag, item))
            if arity != "1":
                return (flag, *items)
            return (flag, ",".join(items) if option and option.type == "str" else _text(value))
        text = _text(value)
        greedy = "greedy" in self.table.syntax
        return (f"{flag}={text}",) if text.startswith("-") and not greedy else (flag, text)

    def _switch(self, flag: str, option: Option | None, value: bool) -> tuple[str, ...]:
        took = self.past.took(flag).get("type", "") if self.past is not None else ""
        boolean = took in SWITCHES if took else option is None or option.boolean
        if not boolean:
            choices = option.choices if option is not None else ()
            spoken = ("off", "on")[value]
            return (flag, spoken if spoken in choices else text_of(value))
        if value:
            return (flag,)
        if self.past is not None:
            return ("--no-" + flag[2:],) if took == "switch" else ()
        off = option.off if option is not None else ()
        return next(((word,) for word in off if word.startswith("--")), ())


def _text(value: Any) -> str:
    if isinstance(value, (dict, list, tuple)):
        return json.dumps(value, separators=(", ", ": "))
    return text_of(exact(value))
