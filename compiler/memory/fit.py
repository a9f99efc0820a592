"""The largest values that still fit: context, sequences, and the share a runtime is told to take.

All leave the error band of the sum free, so that what they return fits for certain; with
`sure = False` they go to the last byte of the sum.
"""

from __future__ import annotations

from servec.compiler.memory.account import account
from servec.compiler.memory.budget import band_of, budget_for, budget_of, plan_share
from servec.compiler.memory.case import served_case
from servec.dsl.record import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.memory.account import Account, Served
    from servec.compiler.target import Case


def longest_context(case: Case, most: int = 0, sure: bool = True) -> int:
    """The longest context, at most `most` (0: the plan's), that fits; 0 where not even one does.

    As many sequences of it fit as the spec promises. `most` where the memory is not known.
    """
    served = served_case(case)
    most = most or served.length
    found = account(replace(served, length=most))
    room = _room(case, served, found, sure)
    if room is None:
        return most
    return found.cache.longest(room / served.sequences, most) if room > 0 else 0


def longest_of(case: Case, served: Served, found: Account) -> int:
    """The longest context of a case whose account is made: one that fits for certain, else one that
    fits by the sum; 0 where not even one token does, the plan's where the memory is not known."""
    for sure in (True, False):
        room = _room(case, served, found, sure)
        if room is None:
            return served.length
        length = found.cache.longest(room / served.sequences, served.length) if room > 0 else 0
        if length:
            return length
    return 0


def most_sequences(case: Case, length: int = 0, sure: bool = True) -> int:
    """How many sequences of `length` tokens (0: the plan's context) one replica holds at a time.

    0 where the memory is not known or not one fits.
    """
    served = served_case(case)
    length = length or served.length
    found = account(served)
    room = _room(case, served, found, sure)
    if room is None or room <= 0:
        return 0
    return served.degrees.data * int(room / max(1.0, found.cache.bytes(length)))


def runtime_share(case: Case) -> float:
    """What the runtime's own memory option must say for the plan's budget to hold, 0 to 1.

    Of what it is a share: see `Constants.knob`. Rounded down to three decimals; the plan's own
    share where the memory of the device is not known or the runtime has no such option.
    """
    served = served_case(case)
    found = account(served)
    budget = budget_of(case.spec, case.device, plan_share(case))
    device = case.device.memory if case.device is not None else 0
    if budget is None or not device:
        return plan_share(case)
    pool = max(0.0, budget - found.weights - found.rest)
    knob, load = found.table.knob, served.load
    if knob == "device":
        share = budget / device
    elif knob == "static":
        share = (found.weights + pool) / (device - found.working.runtime)
    elif knob == "free":
        share = pool / max(1.0, device - load.unseen - found.weights - found.rest)
    else:
        share = plan_share(case)
    return int(max(0.0, min(1.0, share)) * 1000) / 1000


def _room(case: Case, served: Served, found: Account, sure: bool) -> float | None:
    """Bytes of one rank that sequences may hold; None where the budget is not known."""
    budget = budget_for(case, served, found)
    if budget is None:
        return None
    device = case.device.memory if case.device is not None else 0
    spare = band_of(served, found, device or budget) if sure else 0.0
    return budget - found.weights - found.rest - spare
