"""The keywords of one call as the words of a command, and where each of them stands."""

from __future__ import annotations

import json

from servec.targets.shared.importing.python.bound import Keyword, plain
from servec.targets.shared.importing.python.known import documents
from servec.targets.shared.importing.python.refused import (
    DROPS,
    dropped,
    of_release,
    refused,
    there_is,
    unfit,
)
from servec.targets.shared.importing.python.values import Unknown
from servec.targets.shared.importing.python.written import Argument

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from servec.targets.shared.importing.python.known import Call
    from servec.targets.shared.importing.python.values import Spot
    from servec.targets.shared.importing.python.walk import Walk
    from servec.targets.shared.importing.python.words import Dialect

MODEL = ("model", "model-path", "hf-repo", "model-id")
CONFIG = "program.json"
"""What the file is called that holds what a runtime is told by its options file alone."""


def _lower(value: Any, _: str) -> Any:
    return value.lower() if isinstance(value, str) else value


def _pairs(value: Any, _: str) -> Any:
    if not isinstance(value, dict):
        return value
    return ",".join(f"{key}={item}" for key, item in value.items())


def _field(value: Any, name: str) -> Any:
    return {name: value} if isinstance(value, int) and not isinstance(value, bool) else value


SHAPES = {"lowered": _lower, "paired": _pairs, "numbered": _field}
"""What a constructor makes of a value in some releases, by the key of the table."""


class Reading:
    """The words of a command while its call is gone through."""

    def __init__(self, walk: Walk, item: Call, speak: Dialect, version: str) -> None:
        """Nothing is said yet; `version`: the release that is stated, "" for the newest; `given`:
        all keywords of the call."""
        self.walk, self.item, self.speak, self.version = walk, item, speak, version
        self.model = ""
        self.said: list[str] = []
        self.filed: dict[str, Any] = {}
        self.arguments: dict[str, Argument] = {}
        self.left: list[tuple[str, str]] = []
        self.strange: list[tuple[str, str]] = []
        self.held = documents()[item.runtime]
        self.given: dict[str, Any] = {}

    def take(self, keyword: Keyword) -> None:
        """Add a keyword to the words, or to what is not understood."""
        name = self.held.get("names", {}).get(keyword.name, keyword.name)
        option = self.speak.option(name)
        key = option.name if option is not None else name.replace("_", "-")
        value = plain(keyword.value, self.item.runtime)
        value = self._sifted(keyword, name, self._worded(keyword.name, value))
        if isinstance(value, Unknown):
            self.mark(key, keyword.typed, value.text, keyword.spot)
            self.left.append((keyword.typed, value.text))
            if key in MODEL and not self.model:
                self.model = "${" + value.text.replace("}", "") + "}"
            return
        self.mark(key, keyword.typed, value, keyword.spot)
        if key in MODEL:
            self.model = value if isinstance(value, str) else self.model
            if key == "hf-repo" and self.model:
                self.said += ("--hf-repo", self.model)
            return
        why, there = refused(keyword, name, self.speak, self.version)
        why = why or unfit(self.item, keyword.name, value, self.version, self.given)
        why = why or dropped(keyword)
        if why:
            self.strange.append((keyword.typed, why))
        elif there and not there_is(self.speak, name):
            self._say(name, True if value in (None, False) else value)
        elif there and value is not None:
            self._say(name, value)

    def _say(self, name: str, value: Any) -> None:
        option, flag = self.speak.option(name), self.speak.flag(name)
        own = name.replace("_", "-")
        if option is None and self.item.row.get("filed"):
            self.filed[name] = value
        elif option is not None and option.file and self.speak.option("config") is not None:
            self.filed[option.name.replace("-", "_")] = value
        else:
            self.said += self.speak.words(flag or f"--{own}", option, value)

    def _worded(self, name: str, value: Any) -> Any:
        """A value by the runtime's word for it, where the constructor has another."""
        for shape, change in SHAPES.items():
            releases = self.held.get(shape, {}).get(name, "")
            fields = releases if isinstance(releases, dict) else {"": releases}
            for field, lies in fields.items():
                if lies and of_release(lies, self.version):
                    value = change(value, field)
        words = self.held.get("values", {}).get(name, {})
        known = not isinstance(value, (Unknown, list, dict))
        return words.get(str(value), value) if known else value

    def _sifted(self, keyword: Keyword, name: str, value: Any) -> Any:
        """A dict without the fields that the call leaves out unheard, as it does with no object."""
        lies = self.held.get("sifted", {}).get(keyword.name, "")
        table = isinstance(keyword.value, dict) and keyword.item.name == "LLM"
        if not lies or not table or not isinstance(value, dict):
            return value
        option = self.speak.option(name)
        known = self.speak.table.fields(option.name) if option is not None else {}
        if not known or not of_release(lies, self.version):
            return value
        why = f"{keyword.item.name} takes any field of this keyword {DROPS}"
        if self.speak.past is None:
            self.strange += [(f"{keyword.typed}.{key}", why) for key in value if key not in known]
        return {key: item for key, item in value.items() if key in known}

    def mark(self, key: str, typed: str, value: Any, spot: Spot | None) -> None:
        """Keep where an argument stands."""
        if spot is None:
            return
        text = self.walk.page.data.encode()[spot.value : spot.value_end].decode("utf-8", "replace")
        constant = _constant(text, value)
        shown = text if constant else _shown(value)
        found = Argument(typed, shown, spot.start, spot.end, spot.value, constant)
        self.arguments[key] = found
        if key in MODEL:
            self.arguments["model"] = found

    def words(self) -> tuple[tuple[str, ...], dict[str, str]]:
        """The words of the command, and the options file that they name, by its path."""
        table, head = self.speak.table, []
        if self.model and "--hf-repo" not in self.said:
            option = next(filter(None, map(table.option, MODEL)), None)
            flag = option.long if option is not None else "--model"
            head = [self.model] if table.positional else [flag, self.model]
        flag = self.speak.flag("config")
        if not self.filed or not flag:
            return (*head, *self.said), {}
        return (*head, *self.said, flag, CONFIG), {CONFIG: json.dumps(self.filed)}


def _constant(text: str, value: Any) -> bool:
    from ast import literal_eval

    try:
        return len(text) < 1000 and bool(literal_eval(text) == value)
    except (ValueError, SyntaxError, MemoryError, RecursionError, TypeError):
        return False


def _shown(value: Any) -> str:
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
