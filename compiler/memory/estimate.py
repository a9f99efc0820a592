"""The memory of one device of a planned case: the sum, what it leaves for the cache, and whether
what must fit does.

budget = `limits.memory` (90 % of the device; less where the system keeps a share). pool = budget -
weights - working memory. Needed: one sequence of the context, or `batch` of them where the spec
promises that, spread over `data`. margin = pool - needed. The sum is known to within `band`: it
fits for certain from margin >= band on, and does not for certain below -band.
"""

from __future__ import annotations

from servec.compiler.memory.account import account
from servec.compiler.memory.budget import (
    band_of,
    budget_for,
    paged,
    set_aside,
)
from servec.compiler.memory.case import moves, served_case
from servec.compiler.memory.lines import items
from servec.compiler.plan import Memory
from servec.dsl.record import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.memory.account import Account, Served
    from servec.compiler.memory.figures import Constants
    from servec.compiler.target import Case


def estimate(case: Case) -> Memory:
    """The memory of the fullest device of one replica of `case`, which has a model and a plan."""
    return summed(case)[2]


def summed(case: Case) -> tuple[Served, Account, Memory]:
    """The same, with what is served and the account that it comes from."""
    served = served_case(case)
    found = account(served)
    return served, found, settle(case, served, found)


def settle(case: Case, served: Served, found: Account) -> Memory:
    """The memory of a case whose account is made."""
    assert case.plan is not None
    wide = found.table.loads_wide
    packed = served.quant is not None and served.quant.scheme in found.table.loads_packed
    if case.plan.load == "at_load" and wide and not packed:
        served, found = _as_loaded(case, served, found)
    device = case.device.memory if case.device is not None and case.device.memory else None
    budget = budget_for(case, served, found)
    needed = max(served.sequences * found.cache.bytes(served.length), found.least)
    data = served.degrees.data
    aside = max(0.0, set_aside(case, served, found) - needed)
    taken = found.weights + found.rest + aside
    pool = max(0.0, budget - taken + aside) if budget is not None else 0.0
    margin = budget - taken - needed if budget is not None else 0.0
    band = band_of(served, found, device or budget or 0, margin < 0)
    if margin < 0 and found.table.paged and budget is not None:
        band = max(band, paged(case, found.table) - budget)
    beyond = margin <= -band
    memory = Memory(
        device=device,
        budget=None if budget is None else int(budget),
        weights=round(found.weights),
        activation=round(found.working.activation),
        overhead=round(found.working.graphs + found.working.runtime + aside),
        kv_per_token=round(found.cache.token),
        kv_pool=int(pool),
        pool_tokens=data * found.cache.tokens(pool, max(1, served.length)),
        needed_tokens=data * served.sequences * served.length,
        needed_kv=round(needed),
        fits=None if budget is None or (beyond and left(case, found.table)) else margin > -band,
        margin=round(margin),
        band=round(band),
        items=items(served, found, needed),
        state_per_seq=round(found.cache.bytes(0)),
    )
    table = found.table
    apart = table.beside_most or table.graph_outside or table.beside_pass or table.beside_shared
    if budget is None or device is None or not apart:
        return memory
    from servec.compiler.memory.beside import beside, worse

    return worse(memory, beside(case, served, found, budget), device)


def left(case: Case, table: Constants) -> bool:
    """Whether a sum beyond the device may yet fit: the runtime moves layers, or makes its own
    weights."""
    from servec.compiler.memory.unsized import unsized

    return moves(case) or unsized(case, table.loads_wide, table.method_said)


def _as_loaded(case: Case, served: Served, found: Account) -> tuple[Served, Account]:
    """What a checkpoint is before it is quantised, where the device cannot hold it so; else as it
    is served."""
    memory = case.device.memory if case.device is not None else 0
    whole = replace(served, quant=served.model.quant)
    wide = account(whole)
    too_large = wide.weights + wide.working.runtime - memory > band_of(whole, wide, memory)
    return (whole, wide) if memory and too_large else (served, found)
