"""Starts or runs out of memory: what the sum says, and what the report saw."""

from __future__ import annotations

from servec.compiler.memory.account import account
from servec.compiler.memory.measured.quantities import error, pool

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.memory.measured.entry import Entry

STARTS = ("starts", "runs", "loads", "serving")
FAILS = ("refused", "oom", "fails")
UNSAID = ("shorter", "host memory", "graph capture", "warm-up", "default length")
"""Outcomes that tell of another length, another memory, or a moment after the sum."""


def seen(outcome: str) -> bool | None:
    """Whether the server started, None where the report does not settle it."""
    text = outcome.lower()
    if any(word in text for word in UNSAID):
        return None
    if text.startswith(STARTS):
        return True
    return False if text.startswith(FAILS) else None


def judged(entry: Entry) -> tuple[bool | None, str]:
    """Whether it starts by the sum; None with the reason where that is not certain."""
    served = entry.served
    if served is None:
        return None, entry.why
    unknown = entry.cacheless or entry.layoutless or entry.countless
    if unknown:
        return None, unknown
    if entry.device is None or not entry.device.memory:
        return None, "the hardware is not named"
    found = account(served)
    room = pool(entry, found)
    needed = _needed(entry, served.length, found.cache.bytes)
    margin, band = room - needed, error(found, entry)
    if abs(margin) < band:
        return None, "the margin is inside the error of the sum"
    return margin > 0, ""


def _needed(entry: Entry, length: int, cost: object) -> float:
    """Bytes of one sequence; a length that the report does not state is not held against it."""
    assert callable(cost)
    if not entry.stated_length and entry.runtime in ("mlx", "sglang"):
        return float(cost(min(length, 4096)))
    return float(cost(length))
