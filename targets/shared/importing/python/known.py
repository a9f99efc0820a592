"""What programs call to start a runtime, and what each of these calls takes.

`targets/<name>/python.json`, with its `source`. `calls`, by the name that is shown: `paths`, its
full names, or `ends`, how they end where `when` holds of its keywords; `positional`, the keywords
in whose place values may stand; `takes`, the class of `constructors.json` whose fields are its
keywords, "" where that is not told; `names`, what its keywords are called there; `own`, keywords
that are the program's alone; `inner`, the keyword that holds a dict of the engine's, beside which
`only` go to the engine; `config`, the keyword that holds one of `configs`; `model` and `env`, paths
of keys to the model and to variables; `adds`, what it says unasked; `drops`, all that it heeds
beside `own`, where it takes any keyword; `sized`, the keywords that say a model's family and size.
For all calls: `names`, what options are called whose keyword is another; `values`, words for values
by keyword, null for none; `lowered`, keywords whose capitals it lowers in some releases; `paired`,
those whose dict the line of some releases has as NAME=COUNT; `numbered`, those of which a number
stands for a field; `sifted`, those whose dict `LLM` takes with fields that it does not know;
`refuses`, numbers `above` which a `call` does not take a `keyword` in some `releases`, `unless`
another keyword is said; `usage`, the classes of `constructors.json` whose engine takes other
defaults than the server's in some `releases`, and the `word` by which the memory figures know it;
`spawned`, calls whose workers import the program again; `kinds`, what
objects that are made by a class say beside their keywords.

`constructors.json` is made by `shared/past/constructors.py`.
"""

from __future__ import annotations

import os
from functools import lru_cache

from servec.compiler.options.versions import is_exact, order
from servec.dsl.json_file import load_json
from servec.dsl.record import record
from servec.targets.shared.past.spans import holds
from servec.targets.shared.table import FOLDER

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

FILE, MADE = "python.json", "constructors.json"


@record
class Call:
    """A row of `calls` or `configs` of a runtime; `row` as it stands there."""

    runtime: str
    name: str
    row: Mapping[str, Any]

    @property
    def takes(self) -> str:
        """The class whose fields are its keywords, "" where that is not told."""
        return str(self.row["takes"])


@lru_cache(maxsize=1)
def documents() -> dict[str, dict[str, Any]]:
    """What each runtime's table holds, in order of name; vLLM first, whose `LLM` is the oldest."""
    names = sorted(os.listdir(FOLDER), key=lambda name: (name != "vllm", name))
    found = {}
    for name in names:
        if os.path.exists(os.path.join(FOLDER, name, FILE)):
            found[name] = load_json(FOLDER, name, FILE)
    return found


def calls(kind: str = "calls") -> Iterator[Call]:
    """The rows of all runtimes."""
    for runtime, held in documents().items():
        for name, row in held.get(kind, {}).items():
            yield Call(runtime, name, row)


def called(path: str, keywords: Mapping[str, Any], hint: str, kind: str = "calls") -> Call | None:
    """The row of what a program calls, None for anything else. `hint`: the runtime that is asked
    for, whose `LLM` a bare name is."""
    bare: list[Call] = []
    for item in calls(kind):
        if path in item.row.get("paths", ()):
            return item
        ends = item.row.get("ends", "")
        when = item.row.get("when", {})
        if ends and path.endswith(ends) and all(_same(keywords.get(k), v) for k, v in when.items()):
            return item
        same = path == item.name or (path == path.rpartition(".")[2] == _last(item))
        if same and (path[:1].isupper() or "." in path or item.runtime == hint):
            bare.append(item)
    return next((item for item in bare if item.runtime == hint), bare[0] if bare else None)


def _last(item: Call) -> str:
    return str(item.row.get("paths", ("",))[0].rpartition(".")[2])


def _same(said: Any, wanted: str) -> bool:
    return isinstance(said, str) and said.lower() == wanted


@record
class Keywords:
    """The keywords of a class in one release: `below` and `above` are the releases read that are
    next to it, or itself twice."""

    spans: Mapping[str, str]
    below: str
    above: str

    def __call__(self, name: str) -> bool | None:
        """Whether the release takes a keyword, None where its neighbours differ."""
        text = self.spans.get(name)
        found = {text is not None and holds(text, v) for v in (self.below, self.above) if v}
        return found.pop() if len(found) == 1 else None

    def now(self) -> tuple[str, ...]:
        """All that the release surely takes."""
        return tuple(name for name in self.spans if self(name))


def keywords_of(item: Call, version: str) -> Keywords | None:
    """The keywords of a call in a release, None where that is not told. `version`: "" for the
    newest."""
    if not item.takes:
        return None
    made: dict[str, Any] = load_json(FOLDER, item.runtime, MADE)
    every = made["versions"]
    if not version or not is_exact(version) or version == "main":
        return Keywords(made[item.takes], every[-1], every[-1])
    here = order(version)
    below = [name for name in every if order(name) <= here]
    above = [name for name in every if order(name) >= here]
    low, high = below[-1] if below else "", above[0] if above else ""
    return Keywords(made[item.takes], low, high)
