"""The seal of a lock file: a hash over the file itself, so that an edit of it shows."""

from __future__ import annotations

import hashlib
import json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

KEY = "seal"
BLANK = "0" * 64


def sealed(document: Mapping[str, Any]) -> str:
    """`document` as JSON text, with its hash (made while the seal was blank) under `seal`."""
    blank = json.dumps({**document, KEY: BLANK}, indent=2) + "\n"
    seal = hashlib.sha256(blank.encode()).hexdigest()
    return json.dumps({**document, KEY: seal}, indent=2) + "\n"


def is_sealed(text: bytes) -> bool:
    """Whether the text of a lock file is as servec wrote it; `text` parses as JSON."""
    document = json.loads(text)
    seal = document.get(KEY) if isinstance(document, dict) else None
    return isinstance(seal, str) and sealed({**document, KEY: BLANK}).encode() == text
