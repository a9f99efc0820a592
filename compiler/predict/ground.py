"""What is fixed about a planned case: its shape, its keys, and what is known around them."""

from __future__ import annotations

from servec.compiler.memory.served import served_quant
from servec.compiler.predict.fabric import fabric
from servec.compiler.predict.keys import keys
from servec.compiler.predict.latency import Traffic
from servec.compiler.predict.neighbours import correction
from servec.compiler.predict.parameters import table
from servec.compiler.predict.shape import shape
from servec.compiler.ranks import sequences_apart
from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.device import Device
    from servec.compiler.model import Model, Quant
    from servec.compiler.predict.keys import Keys
    from servec.compiler.predict.load import Load
    from servec.compiler.predict.neighbours import Correction
    from servec.compiler.predict.parameters import Table, Values
    from servec.compiler.predict.shape import Shape
    from servec.compiler.predict.speculative import Speculation
    from servec.compiler.target import Case

ENGINES = {"rayserve": "vllm", "triton": "vllm"}
"""Runtimes that run another's engine: its figures are theirs."""

ANSWER = 0.6
"""Share of an answer that a sequence's cache holds on average, with what is reserved for it."""


@record
class Ground:
    """Shape, keys, fitted values and the neighbours' correction of a case."""

    shape: Shape
    keys: Keys
    values: Values
    near: Correction


def ground(case: Case) -> Ground:
    """The ground of a case with model, plan and device."""
    model, plan, device = case.model, case.plan, case.device
    assert model is not None and plan is not None and device is not None
    quant = served_quant(model, plan)
    backend = next(iter(case.capabilities.beneath), None)
    backend = backend or ENGINES.get(case.target.name, case.target.name)
    own = table()
    network = fabric(case)
    key = (id(model), id(quant), id(device), id(own), plan.kv, plan.degrees, backend, network)
    kept = _kept.get(key)
    if kept is not None:
        return kept[-1]
    found = keys(backend, model, quant, plan.degrees, device)
    made = Ground(
        shape=shape(model, quant, plan.kv, plan.degrees, device, network),
        keys=found,
        values=own.values(found),
        near=correction(own, found),
    )
    if len(_kept) > 512:
        _kept.clear()
    _kept[key] = (model, quant, device, own, made)
    return made


_kept: dict[tuple[object, ...], tuple[Model, Quant, Device, Table, Ground]] = {}
"""By the identity of model, precision, device and table, which are held so that it stays theirs."""


def traffic(case: Case, asked: Load, found: Speculation) -> Traffic:
    """The load as `latency` takes it: what of a prompt is new, and how many sequences run.

    A sequence needs cache for its prompt and most of its answer; at most `max_seqs` run. Of a
    prefill role the load is not known without the other role: one request.
    """
    plan, memory = case.plan, case.memory
    assert plan is not None
    outputs = max(1.0, asked.outputs)
    reuse = asked.shared if plan.prefix_cache else 0.0
    room: float | None = None
    if memory is not None and memory.budget is not None and memory.kv_per_token:
        room = memory.pool_tokens / (asked.inputs + ANSWER * outputs)
    if plan.max_seqs:
        ranks = plan.degrees.data if sequences_apart(case) else 1
        most = plan.max_seqs * ranks
        room = most if room is None else min(room, most)
    single = case.role == "prefill" or not asked.concurrency
    return Traffic(
        concurrency=1.0 if single else asked.concurrency,
        inputs=asked.inputs,
        outputs=outputs,
        fresh=max(1.0, asked.inputs * (1.0 - reuse)),
        drafted=float(found.drafted),
        gained=found.usual,
        places=None if room is None else max(1.0, room),
        apart=True,
    )
