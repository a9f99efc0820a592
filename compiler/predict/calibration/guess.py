"""Predictions of measured runs and published points, in the file's own quantities and units."""

from __future__ import annotations

from servec.compiler.plan import Range
from servec.compiler.predict.abstain import EDGE
from servec.compiler.predict.bands import band, width
from servec.compiler.predict.calibration.edge_fit import context
from servec.compiler.predict.calibration.edge_prefill import fits
from servec.compiler.predict.calibration.sample import cache_type
from servec.compiler.predict.edge import edge_band
from servec.compiler.predict.edge_class import edge_row
from servec.compiler.predict.edge_time import decode_time, edge_latency, edge_values
from servec.compiler.predict.keys import keys
from servec.compiler.predict.latency import Traffic, crowded, latency, places
from servec.compiler.predict.neighbours import correction
from servec.compiler.predict.parameters import table
from servec.compiler.predict.shape import shape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.predict.calibration.point import Point
    from servec.compiler.predict.calibration.sample import Sample
    from servec.compiler.predict.shape import Shape

ALONE = 2.5
"""Points come from runs of other kinds than those the bands are from: they are wider for that."""
CROWD = 4096
"""Most requests in flight where a point says "all at once"."""


def guess_sample(sample: Sample) -> dict[str, Range] | str:
    """`ttft_ms` and `tpot_ms` of a serving run, or why there is no prediction."""
    if sample.shape is None or sample.keys is None:
        return sample.missing
    own = table()
    near = correction(own, sample.keys)
    made = latency(sample.shape, own.values(sample.keys, sample.lengths), sample.traffic)
    full = crowded(sample.shape, sample.traffic)
    ttft, tpot = (width(own, name, sample.backend, near, full) for name in ("ttft", "tpot"))
    return {
        "ttft_ms": band(1e3 * made.ttft * near.ttft, ttft),
        "tpot_ms": band(1e3 * made.tpot * near.tpot, tpot),
    }


def guess_point(point: Point) -> Range | str:
    """The figure of a point, or why there is none."""
    if point.missing:
        return point.missing
    assert point.model is not None and point.quant is not None and point.device is not None
    kv = cache_type(point.runtime, point.model, point.quant, point.device)
    made = shape(point.model, point.quant, kv, point.split, point.device)
    if not fits(made, point):
        return "the weights do not fit on the devices: part of them ran on the host"
    if point.runtime in EDGE:
        return _edge(point, made)
    return _served(point, made)


def _edge(point: Point, made: Shape) -> Range | str:
    assert point.device is not None and point.model is not None
    row = edge_row(point.runtime, point.device)
    values = edge_values(row, point.model)
    flow = Traffic(
        concurrency=float(max(1, point.batch)),
        inputs=float(point.inputs or 512),
        outputs=float(point.outputs or 128),
        fresh=float(point.inputs or 512),
    )
    found = edge_latency(made, values, row, flow)
    if point.metric == "decode_tps":
        seconds = decode_time(made, row.values, row.factor, context(point))
        return _inverse(edge_band(seconds, "tpot", 1.0, row.name))
    if point.metric == "prefill_tps":
        tokens = point.inputs or 512
        scores = made.square * ((point.depth + tokens) ** 2 - point.depth**2)
        seconds = ((made.flops + made.flops_expert) * tokens + scores) / values.prefill
        return _inverse(edge_band(seconds / tokens, "ttft", 1.0, row.name))
    if point.metric in ("ttft", "ttft_cold"):
        if not point.inputs:
            return "how long the prompt was is not said"
        scale = 1e3 if point.metric == "ttft" else 1.0
        return edge_band(found.ttft * scale, "ttft", 1.0, row.name)
    if point.metric == "batch_latency":
        whole = flow.concurrency * found.prefill + values.first + flow.outputs * found.step
        return edge_band(whole, "ttft", 1.0, row.name)
    return f"`{point.metric}` is not predicted"


def _served(point: Point, made: Shape) -> Range | str:
    assert point.model is not None and point.quant is not None and point.device is not None
    own = table()
    key = keys(point.runtime, point.model, point.quant, point.split, point.device)
    values, near = own.values(key, "fixed"), correction(own, key)
    flow = Traffic(
        concurrency=float(max(1, point.batch)),
        inputs=float(point.inputs),
        outputs=float(max(1, point.outputs)),
        fresh=float(point.inputs),
    )
    if point.metric == "max_output_throughput":
        crowd = max(1.0, min(CROWD, places(made, flow) * made.data))
        flow = Traffic(crowd, flow.inputs, flow.outputs, flow.fresh)
    found = latency(made, values, flow)
    sides = width(own, "tpot", key.backend, near)
    if point.metric == "batch_latency":
        whole = values.first + flow.concurrency * found.prefill + flow.outputs * found.step
        return band(whole * near.tpot, sides, ALONE)
    if point.metric == "max_output_throughput":
        seconds = found.tpot * near.tpot / flow.concurrency
        return _inverse(band(seconds, sides, ALONE))
    if point.metric == "tpot":
        return band(1e3 * found.tpot * near.tpot, sides, ALONE)
    if point.metric == "ttft":
        return band(1e3 * found.ttft * near.ttft, width(own, "ttft", key.backend, near), ALONE)
    if point.metric == "decode_tps":
        return _inverse(band(found.tpot * near.tpot, sides, ALONE))
    return f"`{point.metric}` is not predicted"


def _inverse(found: Range) -> Range:
    return Range(1 / found.high, 1 / found.value, 1 / found.low)
