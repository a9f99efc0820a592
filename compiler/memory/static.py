"""SGLang's share: of what is free before it loads, for weights and cache together.

pool = share x free - weights, and no launch without one: "Not enough memory. Please try to increase
--mem-fraction-static" (sglang 0.4.1 and 0.5.3 model_executor/model_runner.py
profile_max_num_token); all else has to do with the rest. Unasked the share leaves what a rule of
thumb sets aside, see `Constants.static`.
"""

from __future__ import annotations

from servec.compiler.memory.budget import number_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.memory.account import Account, Served
    from servec.compiler.memory.figures import Constants
    from servec.compiler.target import Case

MIB, GIB = 1 << 20, 1 << 30
PATH = "limits.static_memory"
EIGHTY = 80 * GIB
"""Cards beyond this have one share whatever the width (sglang 0.4.6 server_args.py: 81920 MB)."""
LARGE = 60 * GIB
"""Cards beyond this keep 10 GiB at least (sglang 0.5.3 server_args.py)."""


def static_budget(case: Case, served: Served, found: Account) -> float | None:
    """Bytes that a launch may take: its share of what is free, and the working memory beside it,
    no more than the device; None where the plan sets the share."""
    device, spec = case.device, case.spec
    if device is None or not device.memory or device.unified or spec.word("defaults") != "runtime":
        return None
    if spec.upper("limits.memory") is not None:
        return None
    bound = spec.upper(PATH)
    share = number_of(bound.value) if bound is not None else unasked(served, found.table)
    free = device.memory - found.working.outside
    return min(device.memory, max(0.0, share) * free + found.rest)


def unasked(served: Served, table: Constants) -> float:
    """The share of a launch that names none, by the rule of its release."""
    degrees, load = served.degrees, served.load
    memory = load.device
    width = degrees.tensor * degrees.data if served.model.experts else degrees.tensor
    ranks = width * degrees.pipeline
    if table.static == "ranks" and table.static_large and memory > EIGHTY:
        return table.static_large
    if table.static == "ranks":
        return next(share for least, share in table.static_ranks if width >= least)
    drafted = 2 * GIB if served.draft is not None or served.mtp else 0
    apart = degrees.data > 1 and bool(served.model.experts)
    if table.static == "size":
        base, each = next((b, e) for below, b, e in table.static_sizes if memory < below * GIB)
        kept = (base + each * ranks) * GIB + drafted + (4 * GIB if apart else 0)
        return (memory - kept) / memory
    graphs = min(load.seqs, table.graph_most) if load.graphs else 0
    kept = 512 * MIB + max(load.tokens, 2048) * 1.5 * MIB + graphs * 2 * MIB + ranks * GIB / 8
    if apart:
        kept += graphs * degrees.data * 3 * MIB
    if memory > LARGE:
        kept = max(kept, 10 * GIB)
    return (memory - kept - drafted) / memory
