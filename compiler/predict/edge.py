"""llama.cpp, MLX and CPUs: decoding is the time to read the weights, request by request.

A step reads the weights on the device (of experts those in use) and the cache; devices in a layer
split work in turn, so their bandwidths do not add, those in a tensor split share the reading.
Values and bands by runtime and kind of device are in `edge.json`, with their provenance.
"""

from __future__ import annotations

from servec.compiler.memory.served import served_quant
from servec.compiler.plan import Range
from servec.compiler.predict.answer import Found
from servec.compiler.predict.bands import band
from servec.compiler.predict.edge_class import edge_row, edge_table
from servec.compiler.predict.edge_time import edge_latency, edge_values
from servec.compiler.predict.figures import Figures, added
from servec.compiler.predict.floors import floors
from servec.compiler.predict.ground import traffic
from servec.compiler.predict.queue import Settled, quantiles
from servec.compiler.predict.shape import shape
from servec.compiler.predict.speculative import speculation
from servec.dsl.record import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.predict.abstain import Standing
    from servec.compiler.predict.edge_class import Row
    from servec.compiler.predict.load import Load
    from servec.compiler.target import Case

STRANGE = 1.5
"""A band is this many times as wide where a runtime was measured on another kind of device."""


def edge(case: Case, asked: Load, place: Standing) -> Found:
    """What is computed of a case on a device whose time is bandwidth."""
    model, plan, device = case.model, case.plan, case.device
    assert model is not None and plan is not None and device is not None
    made = shape(model, served_quant(model, plan), plan.kv, plan.degrees, device)
    row = edge_row(case.target.name, device)
    values = edge_values(row, model)
    found = speculation(case)
    flow = replace(traffic(case, asked, found), places=None)
    most = float(plan.max_seqs or 1)
    running = min(max(1.0, asked.concurrency), most)
    latency = edge_latency(made, values, row, replace(flow, concurrency=running))
    wait = max(0.0, asked.concurrency - running) / running
    turn = latency.ttft + (flow.outputs - 1) * latency.tpot
    alone = latency.ttft
    latency = replace(latency, ttft=alone + wait * turn, waiting=wait * running)
    settled = Settled(latency, replace(flow, concurrency=max(1.0, asked.concurrency)))
    rows = quantiles(made, values, settled, asked)
    busy = asked.rate * turn / most
    return Found(
        figures=_figures(asked, settled, row, place.wider, (alone, wait)),
        percentiles=rows if asked.outputs else {"ttft": rows["ttft"], "e2e": rows["ttft"]},
        floors=floors(made, asked, float(found.drafted + 1)),
        running=running,
        waiting=latency.waiting,
        stable=busy < 1.0,
        notes=place.notes,
    )


def edge_band(value: float, quantity: str, wider: float, name: str) -> Range:
    """The band around a time of an edge device of the class `name`."""
    rows = edge_table()["bands"][quantity]
    row = rows.get(name, rows["any"])
    return band(value, (row["low"], row["high"]), wider)


def _figures(
    asked: Load, settled: Settled, row: Row, wider: float, turns: tuple[float, float]
) -> Figures:
    """`turns`: the first token of who does not wait, and how many others are served before who
    does."""
    made, (alone, wait) = settled.latency, turns
    wider *= 1.0 if row.known else STRANGE
    own = edge_band(alone, "ttft", wider, row.name)
    if not asked.outputs:
        first = edge_band(made.ttft, "ttft", wider, row.name)
        return Figures(first, None, first, None)
    token = edge_band(made.tpot, "tpot", wider, row.name)
    served = added(own, token, asked.outputs - 1)
    first = added(own, served, wait)
    whole = added(first, token, asked.outputs - 1)
    tokens = made.running * asked.outputs
    flow = Range(tokens / served.high, tokens / served.value, tokens / served.low)
    return Figures(first, token, whole, flow)
