"""Dynamo's workers (`python -m dynamo.vllm`): the runtime inside, as the server that it would be.

A worker has the runtime's options and some of its own, for Dynamo's discovery, routing and parsers,
which `dynamo.json` lists. Those are set aside and told: no launch of servec has them.
"""

from __future__ import annotations

import os
from functools import lru_cache

from servec.dsl.json_file import load_json
from servec.dsl.record import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from servec.compiler.options.table import OptionTable
    from servec.targets.shared.importing.program import Command

PREFIX = "dynamo."


@lru_cache(maxsize=1)
def _table() -> dict[str, Any]:
    found: dict[str, Any] = load_json(os.path.dirname(__file__), "dynamo.json")
    return found


def own_words(runtime: str, words: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The words as the runtime's own server takes them, and the flags that are Dynamo's alone."""
    common, inside = _table()["common"], _table()[runtime]
    takes = {*common["takes"], *inside["takes"]}
    switches = {*common["switches"], *inside["switches"]}
    kept: list[str] = []
    aside: list[str] = []
    skips = False
    for word in words:
        if not word.startswith("--"):
            kept += () if skips else (word,)
            continue
        flag, equals, value = word.partition("=")
        name = flag[2:].replace("_", "-")
        own = name in takes or name.removeprefix("no-") in switches
        skips = own and name in takes
        if own:
            aside.append(flag)
        elif name in inside["renamed"]:
            kept += [part for part in (inside["renamed"][name], value if equals else "") if part]
        else:
            kept.append(word)
    return tuple(kept), tuple(aside)


def fitted(item: Command, table: OptionTable) -> Command:
    """The command without what Dynamo calls by a flag that the runtime has in later versions only.

    A worker keeps its name itself, where the server inside knows no name.
    """
    if not any(word.startswith(PREFIX) for word in item.program):
        return item
    renamed = {flag for flag in _table()[item.runtime]["renamed"].values() if flag}
    kept: list[str] = []
    aside: list[str] = []
    skips = False
    for word in item.words:
        flag, equals, _ = word.partition("=")
        if flag in renamed and table.flag(flag) is None:
            aside.append(flag)
            skips = not equals
        elif not skips or word.startswith("--"):
            kept.append(word)
            skips = False
        else:
            skips = False
    return replace(item, words=tuple(kept), aside=(*item.aside, *aside)) if aside else item
