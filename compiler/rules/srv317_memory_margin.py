"""The memory margin is inside the error of the estimate.

Checks: what is left of the usable memory after weights, working memory and the cache of what must
    run at a time is more than the error band of the sum.
Because: the parts that no formula gives (graphs, workspaces, communication buffers, image profiles)
    are measured on few machines. Inside the band the server may start or may not; the sum alone
    cannot tell.
Wrong: target = vllm; model = llama-3.3-70b; hardware = h100 x 2
    precision { weights = bf16; kv = bf16 }
    parallel { tensor = 2 }
    limits { context = 24Ki tokens; batch = 1; batched_tokens = 2048 tokens }
Right: target = vllm; model = llama-3.3-70b; hardware = h100 x 2
    precision { weights = bf16; kv = bf16 }
    limits { context = 4Ki tokens; batch = 1; batched_tokens = 2048 tokens }
Source: residuals of logs with a named card and model: compiler/memory/constants.json, `band`
"""

from __future__ import annotations

from servec.compiler.memory.budget import band_parts, paged
from servec.compiler.memory.changes import changes
from servec.compiler.memory.estimate import summed
from servec.compiler.memory.table import each, figures, gib
from servec.compiler.rules.labels import at, seconds, write
from servec.dsl.diagnostic import Diagnostic, Figure, Fix

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.plan import Memory
    from servec.compiler.target import Case


def check(case: Case) -> Diagnostic | None:
    """The warning on a case that fits by less than the error of the sum, or not quite."""
    memory = case.memory
    if memory is None or not memory.fits or memory.margin >= memory.band or case.model is None:
        return None
    found = tuple(Fix(item.title, write(case.spec, item.values)) for item in changes(case))
    text = f"weights {gib(memory.weights)} + KV {gib(memory.needed_kv)} {each(case)}"
    primary = at(case.spec, _path(case), text)
    band = Figure(
        "band",
        memory.band,
        f"the sum is known to within {gib(memory.band)}, {_decides(case, memory)}: start it once"
        " before relying on it",
    )
    left = at(case.spec, "hardware", f"{gib(memory.budget or 0)} usable {each(case)}")
    return Diagnostic(
        "SRV317",
        "warning",
        _title(case, memory),
        primary,
        seconds(primary, left),
        (*figures(case, memory), band),
        found or (Fix("leave more room: a shorter context, fewer tokens in one pass"),),
    )


def _title(case: Case, memory: Memory) -> str:
    assert case.model is not None
    if memory.margin >= 0:
        text = f"{case.model.name} fits by {gib(memory.margin)}, less than the error of the sum"
    else:
        short = gib(-memory.margin)
        text = f"{case.model.name} may not fit: {short} short, within the error of the sum"
    return text if len(text) <= 100 else text[:97] + "..."


def _decides(case: Case, memory: Memory) -> str:
    """What the error of the sum comes from for the most part."""
    served, found, _ = summed(case)
    if memory.margin < 0 and paged(case, found.table) > (memory.budget or 0):
        return "within which the system pages and all is slow"
    if not memory.needed_tokens and found.table.beside_pass:
        return "for what a pass works with, which the cache's share leaves"
    if not memory.needed_tokens and case.device is not None and case.device.unified:
        return "for what the system holds of memory that it shares"
    if not memory.needed_tokens:
        return "for graphs and the process itself, which lie beside the share"
    name, size = max(band_parts(served, found, memory.margin < 0), key=lambda part: part[1])
    return f"{gib(size)} of it for {name}"


def _path(case: Case) -> str:
    """The line to change: the context or batch if said, else the precision, else the model."""
    if case.memory is not None and not case.memory.needed_tokens:
        shares = ("limits.memory", "limits.cache_memory")
        return next((path for path in shares if case.spec.setting(path)), "model")
    paths = ("limits.context", "limits.batch", "precision.weights", "precision.kv")
    return next((path for path in paths if case.spec.setting(path)), "model")
