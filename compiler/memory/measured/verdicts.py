"""Starts or runs out of memory: what the sum says, and what the report saw."""

from __future__ import annotations

from servec.compiler.memory.account import account
from servec.compiler.memory.measured.quantities import error, pool
from servec.compiler.plan import Degrees
from servec.dsl.record import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from servec.compiler.memory.account import Account, Served
    from servec.compiler.memory.measured.entry import Entry

STARTS = ("starts", "runs", "loads", "serving")
FAILS = ("refused", "oom", "fails")
VERSIONS = ("0.9.2", "0.19", "0.33.0")
"""Versions of vLLM whose figures differ most; a report without one may be from any."""
LAYOUT_ERROR = 0.08
"""Shared experts and parts of attention that an expert exchange keeps whole and in 16 bit: the load
of DeepSeek-V4-Pro on 8 x H200 is 125.65 GiB, 117.5 counted."""
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
    """Whether it starts by the sum; None with the reason where that is not certain.

    What the report leaves open (version, layout, layers in 16 bit) is tried every way: only what
    all of them agree on is certain.
    """
    base = entry.served or entry.rough
    if base is None:
        return None, entry.why
    if entry.cacheless:
        return None, entry.cacheless
    if entry.device is None or not entry.device.memory:
        return None, "the hardware is not named"
    said = {_certain(entry, served) for served in _ways(entry, base)}
    if said == {True} or said == {False}:
        return said.pop(), ""
    return None, "the margin is inside the error of the sum"


def _ways(entry: Entry, base: Served) -> Iterator[Served]:
    """What may have been served."""
    dates = VERSIONS if entry.undated and entry.runtime == "vllm" else (base.version,)
    cut = base.degrees
    layouts = [cut]
    if entry.layoutless:
        layouts.append(Degrees(1, cut.pipeline, cut.tensor, 1, cut.tensor))
    for date in dates:
        for layout in layouts:
            yield replace(base, version=date, degrees=layout)


def _certain(entry: Entry, served: Served) -> bool | None:
    """The verdict on one way, None inside the error of its sum."""
    found = account(served)
    room = pool(entry, found)
    margin = room - _needed(entry, served, found)
    slack = max(entry.slack, LAYOUT_ERROR if entry.layoutless else 0.0)
    band = error(found, entry) + slack * found.weights
    return None if abs(margin) < band else margin > 0


def _needed(entry: Entry, served: Served, found: Account) -> float:
    """Bytes of one sequence; a length that the report does not state is not held against it."""
    if not entry.stated_length and entry.runtime in ("mlx", "sglang"):
        return found.cache.bytes(min(served.length, 4096))
    return found.cache.bytes(served.length)
