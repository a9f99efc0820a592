"""From means to loads and percentiles: requests that arrive on their own, and the slowest ones.

Closed load: so many requests are in flight, a new one comes when one is done. Open load: requests
arrive at a rate; by Little's law rate x time are in flight. In both, prefills queue as M/G/1: the
means of closed loads were measured with the burst that a benchmark opens with, which is left out
of them (`latency.Traffic.apart`). Percentiles follow from what varies: prompt lengths, the place
in the queue (exponential), and how many prefills fall between two tokens (Poisson).
"""

from __future__ import annotations

import math

from servec.compiler.predict.latency import latency, places, prefill_time
from servec.dsl.record import record, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.predict.latency import Latency, Traffic
    from servec.compiler.predict.load import Load
    from servec.compiler.predict.parameters import Values
    from servec.compiler.predict.shape import Shape

ROUNDS = 12
"""Steps towards the number in flight at a rate; it has settled to a percent long before."""
BUSY = 0.98
"""Share of its time that prefill may take before a queue grows without end."""

TAIL = {"p50": 0.0, "p95": 1.645, "p99": 2.326}
"""Normal quantiles."""
LATER = {"p50": 0.5, "p95": 0.05, "p99": 0.01}
"""Share of the requests that are slower."""


@record
class Settled:
    """A latency, the requests in flight it belongs to, and whether the queue stays finite."""

    latency: Latency
    traffic: Traffic
    stable: bool = True


def settle(shape: Shape, values: Values, traffic: Traffic, rate: float) -> Settled:
    """The steady state of a load: of `traffic.concurrency`, or of `rate` where that is not 0."""
    if not rate:
        return Settled(latency(shape, values, traffic), traffic)
    room = max(1.0, places(shape, traffic) * shape.data)
    flight = 1.0
    found = latency(shape, values, replace(traffic, concurrency=flight))
    for _ in range(ROUNDS):
        load = rate * values.mix * found.prefill / shape.data / shape.stages
        if load > BUSY:
            return Settled(found, traffic, stable=False)
        waited = _waited(found, load)
        wanted = rate * (waited.ttft + (traffic.outputs - 1) * waited.tpot)
        if wanted > room:
            return Settled(found, replace(traffic, concurrency=room), stable=False)
        near = abs(wanted - flight) < 0.01 * flight
        flight = max(wanted, 1e-3)
        found = latency(shape, values, replace(traffic, concurrency=max(1.0, flight)))
        if near:
            break
    load = rate * values.mix * found.prefill / shape.data / shape.stages
    return Settled(_waited(found, load), replace(traffic, concurrency=max(1.0, flight)))


def _waited(found: Latency, load: float) -> Latency:
    """With the wait of an open load in place of the queue of a closed one."""
    wait = found.prefill * load / max(1e-3, 1.0 - load)
    return replace(found, ttft=found.ttft - found.queue + wait, queue=wait)


def waited(mean: float, service: float, later: float) -> float:
    """The wait that a share `later` of the requests exceeds, by its mean and the time of service.

    Of a queue that is empty most of the time most requests wait not at all; of a full one waits
    are exponential.
    """
    busy = mean / (mean + service) if mean > 0 else 0.0
    return (mean + service) * math.log(busy / later) if busy > later else 0.0


def quantiles(
    shape: Shape, values: Values, settled: Settled, load: Load
) -> dict[str, dict[str, float]]:
    """Seconds by metric (`ttft`, `tpot`, `e2e`) and percentile."""
    found, traffic = settled.latency, settled.traffic
    fresh = traffic.fresh / max(1.0, traffic.inputs)
    tail = load.inputs_tail
    long = prefill_time(shape, values, tail, tail * fresh)
    own = values.own * max(0.0, long - found.prefill) / TAIL["p95"]
    mixed = max(0.25, found.mixed * load.outputs / max(1e-9, found.prefill))
    spread = found.mixed * math.sqrt(2.0 / mixed) + 0.03 * found.tpot
    lengths = max(0.0, load.outputs_tail - load.outputs) / TAIL["p95"] * found.tpot
    base = found.ttft - found.queue
    rows: dict[str, dict[str, float]] = {"ttft": {}, "tpot": {}, "e2e": {}}
    for name, z in TAIL.items():
        wait = waited(found.queue, found.prefill, LATER[name])
        first = base + math.hypot(z * own, wait)
        rows["ttft"][name] = first
        rows["tpot"][name] = found.tpot + z * spread
        whole = found.ttft + (load.outputs - 1) * found.tpot
        rows["e2e"][name] = whole + math.hypot(first - found.ttft, z * lengths) * (z > 0)
    return rows
