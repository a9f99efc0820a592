"""The files of `compiler/facts`: read once, and only when something in them is asked for."""

from __future__ import annotations

import os
from functools import lru_cache

from servec.dsl.json_file import load_json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

FACTS = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "facts")


@lru_cache(maxsize=512)
def fact(name: str) -> dict[str, Any]:
    """The parsed JSON of `facts/<name>.json`; callers must not change it."""
    found: dict[str, Any] = load_json(FACTS, name + ".json")
    return found


def forget() -> None:
    """Read everything anew: the files have changed."""
    from servec.compiler.catalogue.models import derived

    fact.cache_clear()
    derived.cache_clear()
