"""Starts or runs out of memory: what the sum says, and what the report saw."""

from __future__ import annotations

from servec.compiler.memory.account import account
from servec.compiler.memory.measured.pools import error, pool
from servec.compiler.memory.overhead import lean
from servec.compiler.plan import Degrees
from servec.dsl.record import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from servec.compiler.memory.account import Account, Served
    from servec.compiler.memory.measured.entry import Entry

STARTS = ("starts", "runs", "loads", "serving")
FAILS = ("refused", "oom", "fails")
LAYOUT_ERROR = 0.08
"""Shared experts and parts of attention that an expert exchange keeps whole and in 16 bit: the load
of DeepSeek-V4-Pro on 8 x H200 is 125.65 GiB, 117.5 counted."""
SHORT = 2048
"""Tokens of the shortest context that a server is started with."""
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
    said = {_certain(entry, served, share) for served, share in _ways(entry)}
    if said == {True} or said == {False}:
        return said.pop(), ""
    return None, "the margin is inside the error of the sum"


def _ways(entry: Entry) -> Iterator[tuple[Served, float]]:
    """What may have been served: versions, layouts and lengths that the report leaves open."""
    for base, share in entry.ways:
        cut = base.degrees
        layouts = [cut]
        if entry.layoutless:
            layouts.append(Degrees(1, cut.pipeline, cut.tensor, 1, cut.tensor))
        lengths = [base.length]
        if not entry.stated_length and entry.runtime == "vllm":
            lengths.append(min(base.length, SHORT))
        for layout in layouts:
            for length in lengths:
                yield replace(base, degrees=layout, length=length), share


def _certain(entry: Entry, served: Served, share: float) -> bool | None:
    """The verdict on one way, None inside the error of its sum."""
    found = account(served)
    slack = max(entry.slack, LAYOUT_ERROR if entry.layoutless else 0.0)
    band = error(found, entry) + slack * found.weights
    if entry.loads:
        assert entry.device is not None
        margin = entry.device.memory - found.weights - found.working.runtime
    else:
        margin = pool(entry, found, share) - _needed(entry, served, found)
    if margin < 0:
        band += lean(served.model, found.table, served.load, found.working)
    return None if abs(margin) < band else margin > 0


def _needed(entry: Entry, served: Served, found: Account) -> float:
    """Bytes of one sequence; a length that the report does not state is not held against it."""
    if not entry.stated_length and entry.runtime in ("mlx", "sglang"):
        return found.cache.bytes(min(served.length, 4096))
    return found.cache.bytes(served.length)
