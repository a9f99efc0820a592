"""The files of `compiler/facts`: read once, and only when something in them is asked for."""

from __future__ import annotations

import json
import os
from functools import lru_cache

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

FACTS = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "facts")


@lru_cache(maxsize=512)
def fact(name: str) -> dict[str, Any]:
    """The parsed JSON of `facts/<name>.json`; callers must not change it."""
    with open(os.path.join(FACTS, name + ".json"), "rb") as file:
        found: dict[str, Any] = json.loads(file.read())
    return found


def forget() -> None:
    """Read everything anew: the files have changed."""
    from servec.compiler.catalogue.models import derived

    fact.cache_clear()
    derived.cache_clear()
