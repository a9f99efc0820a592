"""How many sequences with recurrent states a pool has blocks for, see `Constants.state_blocks`."""

from __future__ import annotations

from servec.compiler.memory.estimate import summed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from servec.compiler.memory.change import Change
    from servec.compiler.target import Case

ROUND = 8


def most_slots(case: Case) -> tuple[int, int]:
    """The most sequences whose blocks surely fit, rounded down, and those that run at a time, both
    over all attention ranks; 0 where that is no fewer, or too few to round."""
    served, found, memory = summed(case)
    slots, data = served.load.slots, served.degrees.data
    if not slots or not found.cache.stateful:
        return 0, 0
    most = int((memory.kv_pool - memory.band) / found.cache.page) // ROUND * ROUND
    return (most * data, slots * data) if ROUND <= most < slots else (0, 0)


def fewer(case: Case) -> Iterator[Change]:
    """The change to as many sequences at a time as there are blocks for, where that is enough."""
    from servec.compiler.memory.change import Change, tried

    most, asked = most_slots(case)
    if most and tried(case, {"limits.batch": most}) is not None:
        title = f"`limits.batch = {most}`: the pool has a block of states for each"
        yield Change({"limits.batch": str(most)}, title, asked / most)
