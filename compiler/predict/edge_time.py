"""Seconds of llama.cpp, MLX and CPUs: what is read over the bandwidth reached, and overheads."""

from __future__ import annotations

from servec.compiler.predict.latency import Latency, prefill_time, read_time
from servec.compiler.predict.parameters import Values

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from servec.compiler.model import Model
    from servec.compiler.predict.edge_class import Row
    from servec.compiler.predict.latency import Traffic
    from servec.compiler.predict.shape import Shape

NARROW = 700
"""Hidden size at which prompts reach half of what those of a wide model do: by prompts of models of
1 to 14 billion parameters on one Apple M3 Ultra (raullenchai/Rapid-MLX)."""


def filled(model: Model) -> float:
    """The share of the units that the multiplications of a model of this width keep busy."""
    return model.hidden / (model.hidden + NARROW)


def decode_time(made: Shape, row: Mapping[str, float], factor: float, context: float) -> float:
    """Seconds of a token of one request with `context` tokens in its cache."""
    share = made.used / made.total if made.total else 0.0
    read = made.dense + made.head + share * made.experts + row["cache"] * made.cached(context)
    return read / (row["share"] * made.bandwidth) + overhead(made, row, factor)


def overhead(made: Shape, row: Mapping[str, float], factor: float) -> float:
    """Seconds of a step in which nothing is read; `factor` of the chip's generation."""
    return factor * (made.layers * row["layer"] + made.moe_layers * row["moe_layer"])


def edge_latency(made: Shape, values: Values, row: Row, flow: Traffic) -> Latency:
    """The latencies of a device that runs `flow.concurrency` sequences at a time."""
    batch = flow.concurrency
    context = flow.inputs + flow.outputs / 2
    read = read_time(made, values, batch, batch, made.cached(context))
    tokens = batch * (1.0 + flow.drafted)
    work = (made.flops + made.flops_head + made.flops_expert) * tokens / values.decode
    step = max(read, work) + overhead(made, row.values, row.factor)
    prefill = prefill_time(made, values, flow.inputs, flow.fresh)
    first = values.first + max(prefill, read) + step
    queue = (batch - 1) / 2 * prefill
    mixed = (batch - 1) * prefill / flow.outputs
    return Latency(
        ttft=first + queue,
        tpot=step / flow.gained + mixed,
        step=step,
        prefill=prefill,
        mixed=mixed,
        queue=queue,
        running=batch,
        waiting=0.0,
        places=batch,
    )


def edge_values(row: Row, model: Model) -> Values:
    """The row in the terms of `latency`: what has no part in it is neutral. Prompts of a mixture of
    experts reach less of the peak, and so do those of a narrow model."""
    prefill = row.values["prefill_moe" if model.experts else "prefill"]
    prefill *= row.counts * filled(model)
    return Values(
        read=row.values["share"],
        read_experts=1.0,
        prefill=prefill,
        prefill_experts=1.0,
        decode=prefill,
        layer=0.0,
        moe_layer=0.0,
        reduce=0.0,
        step=0.0,
        sequence=0.0,
        cache=row.values["cache"],
        variety=1.0,
        mix=1.0,
        copies=1.0,
        first=row.values["first"],
        own=1.0,
        burst=0.0,
        burst_power=1.0,
        burst_copies=1.0,
        steps=1.0,
        wave=1.0,
    )
