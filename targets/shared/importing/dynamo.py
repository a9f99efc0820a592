"""Dynamo's workers (`python -m dynamo.vllm`): the runtime inside, as the server that it would be.

A worker has the runtime's options and some of its own, for Dynamo's discovery, routing and parsers,
which `dynamo.json` lists. Those are set aside and told: no launch of servec has them.
"""

from __future__ import annotations

import os
from functools import lru_cache

from servec.dsl.json_file import load_json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

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
