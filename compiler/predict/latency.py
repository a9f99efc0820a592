"""Seconds to the first token and from token to token, of a replica under a steady load.

    read     (dense + head + cache share + used experts) / (share of the bandwidth reached)
    step     (read^3 + operations^3)^(1/3) + collectives + overheads of layers and sequences
    prefill  operations of one prompt / share of the peak reached + its collectives
    tpot     step + prefills of others that fall between two tokens
    ttft     first + own prefill + queued prefills + steps + the wait for a place

A request waits for its first token for a part of its time; while it does, it is not in the batch
and no prefill stops it. `tpot` counts the others for the rest of it, `_decoding`.

The queued prefills are those of measured runs, which ask for everything in flight at once at their
start, ten times over in all (`--num-prompts` of benchmarks/benchmark_lib.sh's callers in
SemiAnalysisAI/InferenceX), and where all answers are of one length the requests of SGLang, which
prefills before it decodes, go on in step: half of what is in flight stands before each. In use
requests come apart from each other (`Traffic.apart`), and wait as in a queue of that load.

The form is that of a roofline with measured efficiencies; the constants 3 (how sharply memory and
arithmetic hide each other), 1/4 per doubling of an all-reduce and 1/2 of the link's peak are fixed,
everything else is in `parameters.json`.
"""

from __future__ import annotations

import math

from servec.compiler.predict.parameters import MOST_READ
from servec.dsl.record import record, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.predict.parameters import Values
    from servec.compiler.predict.shape import Shape

LINK = 0.5
"""Share of a link's peak that an all-reduce reaches."""
DOUBLING = 0.25
"""What each doubling of the ranks adds to an all-reduce's latency, as a share."""
CROWD = 0.4
"""Share of the room from which on a replica is crowded."""


@record
class Traffic:
    """What one replica is asked: requests in flight, and mean tokens of a request.

    `fresh`: prompt tokens that no cache holds. `drafted`: tokens verified in one step besides the
    one that is due; `gained`: tokens that one step yields. `places`: sequences that run at most,
    by memory or by the command; None = by the rule of thumb of `Shape.spare`. `apart`: requests
    come one by one, not in the bursts of a measured run.
    """

    concurrency: float
    inputs: float
    outputs: float
    fresh: float
    drafted: float = 0.0
    gained: float = 1.0
    places: float | None = None
    apart: bool = False


@record
class Latency:
    """Seconds. `running`, `waiting`: sequences of the whole replica. `step`: of a full batch.
    `mixed`: the part of `tpot` that other requests' prefills cost; `prefill` one prompt's; `queue`:
    the part of `ttft` that is spent waiting for other requests."""

    ttft: float
    tpot: float
    step: float
    prefill: float
    mixed: float
    queue: float
    running: float
    waiting: float
    places: float


def places(shape: Shape, traffic: Traffic) -> float:
    """Sequences that one attention copy can hold at a time."""
    if traffic.places is not None:
        return traffic.places / shape.data
    held = (shape.token or 1e3) * (traffic.inputs + 0.6 * traffic.outputs)
    return max(0.0, shape.spare * shape.stages / held)


def crowded(shape: Shape, traffic: Traffic) -> bool:
    """Whether what is in flight fills so much of the memory, by the rule of thumb, that requests
    may wait for a place: measured runs did from about half of it on, for limits nobody wrote down.
    """
    room = places(shape, replace(traffic, places=None)) * shape.data
    return traffic.concurrency > CROWD * room


def prefill_time(shape: Shape, values: Values, inputs: float, fresh: float) -> float:
    """Seconds of one prompt's forward pass, alone: `fresh` tokens behind a cached rest."""
    scores = shape.square * (inputs * inputs - (inputs - fresh) ** 2) + shape.strip * fresh
    work = (shape.flops + shape.flops_expert / values.prefill_experts) / shape.context
    carried = shape.reduce * fresh / shape.context / LINK
    return (work * fresh + scores) / values.prefill + carried + shape.hops


def read_time(shape: Shape, values: Values, tokens: float, batch: float, cached: float) -> float:
    """Seconds to read what a step of `batch` sequences with `tokens` tokens per copy needs."""
    bandwidth = min(values.read, MOST_READ) * shape.bandwidth
    plain = shape.dense + shape.head + values.cache * cached * batch
    if not shape.total:
        return plain / bandwidth
    met: float = max(1.0, tokens * shape.data) ** values.variety
    share = 1.0 - (1.0 - shape.used / shape.total) ** met
    return float(plain + share * shape.experts / values.read_experts) / bandwidth


def step_time(shape: Shape, values: Values, batch: float, traffic: Traffic) -> float:
    """Seconds of one decode step with `batch` sequences on each attention copy."""
    wave = batch / shape.stages if batch > shape.stages else min(1.0, batch)
    tokens = wave * (1.0 + traffic.drafted)
    cached = shape.cached(traffic.inputs + traffic.outputs / 2)
    read = read_time(shape, values, tokens, wave, cached)
    work = (shape.flops + shape.flops_head) * tokens
    work = (work + shape.flops_expert * tokens * shape.data) / values.decode
    shared = shape.reduce * tokens + shape.exchange * tokens * shape.data
    hidden: float = (read**3 + work**3) ** (1 / 3)
    return (
        hidden
        + shared / LINK
        + collectives(shape, values)
        + shape.layers * values.layer
        + shape.moe_layers * values.moe_layer
        + values.step
        + values.sequence * batch
    )


def collectives(shape: Shape, values: Values) -> float:
    """Seconds a step waits for collectives, however little they carry."""
    found = 0.0
    if shape.tensor > 1:
        rounds = 1.0 + DOUBLING * math.log2(shape.tensor)
        found += 2 * shape.layers * values.reduce * rounds
    if shape.spread and shape.data > 1:
        found += 2 * shape.moe_layers * values.reduce
    if shape.context > 1:
        found += 2 * shape.layers * values.reduce
    return found + (shape.stages - 1) * values.reduce + shape.hops


def latency(shape: Shape, values: Values, traffic: Traffic) -> Latency:
    """The mean latencies of a replica that keeps `traffic.concurrency` requests in flight."""
    asked = max(traffic.concurrency, 1e-9) / shape.data
    room = places(shape, traffic)
    batch = max(1.0, min(asked, room))
    prefill = prefill_time(shape, values, traffic.inputs, traffic.fresh)
    step = step_time(shape, values, batch, traffic)
    others = max(batch * shape.data**values.copies - 0.5, 0.5)
    mixed = values.mix * others * prefill / shape.stages / traffic.outputs
    full = step / traffic.gained + mixed
    wave = max(0.0, asked - batch) / batch * traffic.outputs * full
    share = values.wave if traffic.places is None else 1.0
    cached = shape.cached(traffic.inputs + traffic.outputs / 2)
    read = read_time(shape, values, batch, batch, cached)
    own = max(prefill, read) + shape.layers * values.layer
    ahead = max(batch * shape.data**values.burst_copies - 1.0, 0.0) ** values.burst_power
    # No more prompts can stand before one than there are requests on its copy.
    burst = min(values.burst * ahead, batch) * prefill / shape.stages
    if traffic.apart:
        burst = min(burst, prefill / shape.stages * mixed / (full - mixed))
    first = values.first + values.own * own + burst + values.steps * full
    busy = _decoding(first, full, traffic.outputs)
    fewer = step_time(shape, values, max(1.0, batch * busy), traffic)
    queue = burst + share * wave
    return Latency(
        ttft=first + share * wave,
        tpot=fewer / traffic.gained + mixed * busy,
        step=step,
        prefill=prefill,
        mixed=mixed * busy,
        queue=queue,
        running=min(batch, asked) * shape.data,
        waiting=max(0.0, asked - batch) * shape.data,
        places=room * shape.data,
    )


def _decoding(first: float, token: float, outputs: float) -> float:
    """The share of its time in the batch that a request spends after its first token."""
    return outputs * token / (first + outputs * token)
