"""The text of a file of this machine that a launch names: of bounded size, and no device."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

LENGTH = 1_000_000
"""Characters of such a file at most."""


def text_at(path: str) -> str | None:
    """The text at a path; None where no file is, or one that is no text or too long."""
    if not os.path.isfile(path):
        return None  # a device or a pipe may never end
    try:
        with open(path, encoding="utf-8") as file:
            text = file.read(LENGTH + 1)
    except (OSError, ValueError):
        return None
    return text if len(text) <= LENGTH else None


def json_of(text: str) -> Any:
    """What a text holds as JSON; None where it is none, or nested deeper than can be read."""
    import json

    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
