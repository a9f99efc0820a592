"""Which parsers read a model's tool calls and its thoughts, by the model's name."""

from __future__ import annotations

import os

from servec.dsl.json_file import load_json
from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


@record
class Parsers:
    """The portable parser names of a model: "" where it needs none, None where none is known."""

    tools: str | None
    reasoning: str | None
    source: str

    def of(self, path: str) -> str | None:
        """That of `features.tools` or `features.reasoning`."""
        return self.tools if path == "features.tools" else self.reasoning


def rows() -> list[dict[str, Any]]:
    """The rows of `facts/parsers.json`; the first whose pattern the name matches holds."""
    folder = os.path.dirname(os.path.dirname(__file__))
    found: list[dict[str, Any]] = load_json(folder, "facts", "parsers.json")["rows"]
    return found


def parsers(name: str) -> Parsers:
    """Those of a model by its id, path or short name; patterns are held against the last part."""
    from fnmatch import fnmatchcase

    last = name.rstrip("/").rpartition("/")[2].lower()
    for row in rows():
        if any(fnmatchcase(last, pattern) for pattern in row["names"]):
            return Parsers(row.get("tools"), row.get("reasoning"), row["source"])
    return Parsers(None, None, "")
