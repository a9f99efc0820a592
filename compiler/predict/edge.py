"""llama.cpp, MLX and CPUs: decoding is the time to read the weights, request by request.

A step reads the weights on the device (of experts those in use) and the cache; devices in a layer
split work in turn, so their bandwidths do not add, those in a tensor split share the reading.
Values and bands by runtime and kind of device are in `edge.json`, with their provenance.
"""

from __future__ import annotations

import json
from functools import lru_cache
from os.path import dirname, join

from servec.compiler.memory.served import served_quant
from servec.compiler.predict.answer import Found
from servec.compiler.predict.bands import band
from servec.compiler.predict.figures import Figures, added
from servec.compiler.predict.floors import floors
from servec.compiler.predict.ground import traffic
from servec.compiler.predict.latency import Latency, read_time
from servec.compiler.predict.load import Load
from servec.compiler.predict.parameters import Values
from servec.compiler.predict.queue import Settled, quantiles
from servec.compiler.predict.shape import shape
from servec.compiler.predict.speculative import speculation
from servec.dsl.record import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from servec.compiler.device import Device
    from servec.compiler.plan import Range
    from servec.compiler.predict.abstain import Standing
    from servec.compiler.predict.latency import Traffic
    from servec.compiler.predict.shape import Shape
    from servec.compiler.target import Case

STRANGE = 1.5
"""A band is this many times as wide where a runtime was measured on another kind of device."""


def edge(case: Case, asked: Load, place: Standing) -> Found:
    """What is computed of a case on a device whose time is bandwidth."""
    model, plan, device = case.model, case.plan, case.device
    assert model is not None and plan is not None and device is not None
    made = shape(model, served_quant(model, plan), plan.kv, plan.degrees, device)
    row, known = edge_class(case.target.name, device)
    values = edge_values(row)
    found = speculation(case)
    flow = replace(traffic(case, asked, found), places=None)
    most = float(plan.max_seqs or 1)
    running = min(max(1.0, asked.concurrency), most)
    latency = edge_latency(made, values, row, replace(flow, concurrency=running))
    wait = max(0.0, asked.concurrency - running) / running
    turn = latency.ttft + (flow.outputs - 1) * latency.tpot
    latency = replace(latency, ttft=latency.ttft + wait * turn, waiting=wait * running)
    settled = Settled(latency, replace(flow, concurrency=max(1.0, asked.concurrency)))
    rows = quantiles(made, values, settled, asked)
    busy = asked.rate * turn / most
    return Found(
        figures=_figures(asked, settled, 1.0 if known else STRANGE, place.wider),
        percentiles=rows if asked.outputs else {"ttft": rows["ttft"], "e2e": rows["ttft"]},
        floors=floors(made, asked, float(found.drafted + 1)),
        running=running,
        waiting=latency.waiting,
        stable=busy < 1.0,
        notes=place.notes,
    )


def edge_latency(made: Shape, values: Values, row: dict[str, float], flow: Traffic) -> Latency:
    """The latencies of a device that runs `flow.concurrency` sequences at a time."""
    batch = flow.concurrency
    cached = made.cached(flow.inputs + flow.outputs / 2)
    read = read_time(made, values, batch, batch, cached)
    work = (made.flops + made.flops_head + made.flops_expert) * batch / values.decode
    step = max(read, work) + made.layers * row["layer"]
    scores = made.square * (flow.inputs**2 - (flow.inputs - flow.fresh) ** 2)
    prefill = ((made.flops + made.flops_expert) * flow.fresh + scores) / values.prefill
    first = row["first"] + max(prefill, read) + step
    queue = (batch - 1) / 2 * prefill
    mixed = max(0.0, batch - 1) * prefill / flow.outputs
    token = step / flow.gained + mixed
    return Latency(
        ttft=first + queue,
        tpot=token,
        step=step,
        prefill=prefill,
        mixed=mixed,
        queue=queue,
        running=batch,
        waiting=0.0,
        places=batch,
    )


def edge_class(runtime: str, device: Device) -> tuple[dict[str, float], bool]:
    """The values for a runtime on a kind of device, and whether that pair was measured."""
    rows: dict[str, dict[str, float]] = edge_table()["classes"]
    kind = device.kind if device.kind in ("apple", "cpu") else "gpu"
    found = rows.get(f"{runtime}.{kind}")
    if found is not None:
        return found, True
    return rows[f"llamacpp.{kind}"], False


def edge_values(row: dict[str, float]) -> Values:
    """The row in the terms of `latency`: what has no part in it is neutral."""
    return Values(
        read=row["share"],
        read_experts=1.0,
        prefill=row["prefill"],
        prefill_experts=1.0,
        decode=row["prefill"],
        layer=row["layer"],
        moe_layer=0.0,
        reduce=0.0,
        step=0.0,
        sequence=0.0,
        cache=1.0,
        variety=1.0,
        mix=1.0,
        copies=1.0,
        first=row["first"],
        own=1.0,
        burst=0.0,
        burst_power=1.0,
        steps=1.0,
        wave=1.0,
    )


@lru_cache(maxsize=1)
def edge_table() -> dict[str, Any]:
    """The parsed `edge.json`."""
    with open(join(dirname(__file__), "edge.json"), encoding="utf-8") as file:
        found: dict[str, Any] = json.load(file)
    return found


def edge_band(value: float, quantity: str, wider: float) -> Range:
    """The band around a time of an edge device."""
    row = edge_table()["bands"][quantity]
    return band(value, (row["low"], row["high"]), wider)


def _figures(asked: Load, settled: Settled, strange: float, wider: float) -> Figures:
    made = settled.latency
    first = edge_band(made.ttft, "ttft", wider * strange)
    if not asked.outputs:
        return Figures(first, None, first, None)
    token = edge_band(made.tpot, "tpot", wider * strange)
    whole = added(first, token, asked.outputs - 1)
    tokens = settled.traffic.concurrency * asked.outputs
    flow = type(whole)(tokens / whole.high, tokens / whole.value, tokens / whole.low)
    return Figures(first, token, whole, flow)
