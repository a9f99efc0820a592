"""Prefill and decode apart: the rates of both roles matched, and the cache carried over.

In a closed load a request is in prefill (waiting, then served), under way, or being decoded; the
rate at which requests go round is the number in flight over the sum of those times. Prefill is a
queue of single prompts, decode a batch that no prefill stops. Neither was measured apart on at most
8 devices, so the bands are wider.
"""

from __future__ import annotations

import math

from servec.compiler.plan import Range
from servec.compiler.predict.abstain import standing
from servec.compiler.predict.answer import Found, answer
from servec.compiler.predict.bands import band, width
from servec.compiler.predict.figures import Figures, added
from servec.compiler.predict.floors import floors
from servec.compiler.predict.ground import ground, traffic
from servec.compiler.predict.latency import Traffic, latency
from servec.compiler.predict.load import load
from servec.compiler.predict.parameters import table
from servec.compiler.predict.queue import Settled, quantiles
from servec.compiler.predict.slo import verdicts
from servec.compiler.predict.speculative import speculation
from servec.dsl.record import record, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.plan import Performance
    from servec.compiler.predict.ground import Ground
    from servec.compiler.predict.latency import Latency
    from servec.compiler.predict.load import Load
    from servec.compiler.target import Case

APART = 1.5
"""Factor on the bands' width (as logarithms)."""
CARRY = 25e9
"""Bytes per second at which one device hands its part of the cache over: a 200 Gb/s adapter for
each device, as in public disaggregated deployments (NVIDIA Dynamo, Mooncake papers)."""
ROUNDS = 16
BUSY = 0.95


@record
class Match:
    """The matched state: requests per second, the share of its time that prefill is busy, seconds
    to wait (for prefill, and for a place to decode, before which no token is sent) and to carry the
    cache, and the decode role's latency."""

    rate: float
    busy: float
    wait: float
    carry: float
    decode: Latency


KNOWN = {"prefill": "ttft", "decode": "tpot"}
"""What one role alone decides."""
UNKNOWN_WAIT = 3.0
"""How many times longer a first token may take by waiting for other prompts, while the rate that
the decode role allows is not known."""


def alone(case: Case, made: Performance) -> Performance:
    """What can be said of one role without the other: of prefill the first token, at a load that
    is not known yet, of decode the time between tokens."""
    metric = KNOWN[case.role]
    rows = {name: row for name, row in made.quantiles.items() if name.startswith(metric)}
    if metric == "ttft":
        rows = {name: _waited(row) for name, row in rows.items()}
    return replace(
        made,
        ttft=made.ttft if metric == "ttft" else None,
        tpot=made.tpot if metric == "tpot" else None,
        e2e=None,
        throughput=None,
        goodput=None,
        quantiles=rows,
        slo=tuple(
            line for line in verdicts(case.spec, rows, None) if line.metric.startswith(metric)
        ),
    )


def _waited(found: Range) -> Range:
    return Range(found.low, found.value, found.high * UNKNOWN_WAIT)


def apart(prefill: Case, decode: Case) -> Performance | None:
    """The performance of both roles together; None where one of them has no ground."""
    if prefill.plan is None or decode.plan is None:
        return None
    asked = load(decode.spec, decode.plan)
    first, second = standing(prefill, asked), standing(decode, asked)
    if asked is None or first.refused or second.refused:
        return None
    sides = (ground(prefill), ground(decode))
    found = speculation(decode)
    flow = traffic(decode, asked, found)
    made = _matched(asked, sides, flow, prefill.plan.replicas, decode.plan.replicas)
    wider = APART * max(first.wider, second.wider)
    figures = _figures(asked, sides, made, wider, decode.plan.replicas)
    settled = Settled(replace(made.decode, queue=made.wait, ttft=figures.ttft.value), flow)
    limits = floors(sides[1].shape, asked, float(found.drafted + 1))
    whole = answer(
        decode,
        asked,
        Found(
            figures=figures,
            percentiles=quantiles(sides[1].shape, sides[1].values, settled, asked),
            floors=limits,
            running=made.decode.running,
            waiting=made.decode.waiting,
            stable=made.busy < BUSY or not asked.rate,
            notes=(*first.notes, f"prefill is busy {made.busy:.0%} of its time"),
        ),
    )
    seen = {line.metric for line in whole.slo}
    more = verdicts(prefill.spec, whole.quantiles, limits)
    return replace(whole, slo=(*whole.slo, *(line for line in more if line.metric not in seen)))


def _matched(
    asked: Load, sides: tuple[Ground, Ground], flow: Traffic, prefills: int, decodes: int
) -> Match:
    """The rate at which both roles keep up with each other."""
    one, two = sides
    total = asked.concurrency * decodes
    rate = asked.rate * decodes
    alone = latency(one.shape, one.values, replace(flow, concurrency=1.0))
    carry = one.shape.cached(asked.inputs) / CARRY
    flight = max(1.0, asked.concurrency)
    made = latency(two.shape, two.values, replace(flow, concurrency=flight))
    busy = wait = late = 0.0
    served = alone.prefill / max(1, prefills) / one.shape.data
    for _ in range(ROUNDS):
        made = latency(two.shape, two.values, replace(flow, concurrency=max(1.0, flight)))
        token = made.step / flow.gained
        late = asked.outputs * token * max(0.0, flight / max(1.0, made.places) - 1)
        decoding = asked.outputs * token + late
        if total:
            rest = alone.ttft + carry + decoding
            now = _closed(total, served, rest)
            rate = (rate + now) / 2 if rate else now
            wait = max(0.0, total / rate - rest)
        busy = rate * served
        if not total:
            held = min(busy, BUSY)
            wait = alone.prefill * held / (1 - held)
        flight = rate * decoding / max(1, decodes)
        if total:
            flight = min(flight, asked.concurrency)
    steady = replace(made, tpot=made.step / flow.gained, mixed=0.0)
    return Match(rate, busy, wait + late, carry, steady)


def _closed(total: float, served: float, rest: float) -> float:
    """Requests per second of `total` that go round: through a server that takes `served` seconds
    for each, and `rest` seconds elsewhere.

    Schweitzer's approximation of mean value analysis: who arrives finds the queue that all others
    make. It never gives more than the server can do.
    """
    others = (total - 1) / total * served
    square, linear = others * (rest - served), rest + others * total
    if square <= 0:
        return min(total / linear, 1 / served)
    root = math.sqrt(max(0.0, linear * linear - 4 * square * total))
    return 2 * total / (linear + root)


def _figures(
    asked: Load, sides: tuple[Ground, Ground], made: Match, wider: float, decodes: int
) -> Figures:
    one, two = sides
    own = table()
    flow = latency(one.shape, one.values, _single(asked))
    first = flow.ttft * one.near.ttft + made.carry
    ttft = band(first, width(own, "ttft", one.keys.backend, one.near), wider)
    # the wait is the work of many prompts: it is known as well as other sums of work are
    late = band(made.wait * one.near.ttft, width(own, "tpot", one.keys.backend, one.near), wider)
    ttft = added(ttft, late, 1)
    tpot = band(
        made.decode.tpot * two.near.tpot, width(own, "tpot", two.keys.backend, two.near), wider
    )
    whole = added(ttft, tpot, asked.outputs - 1)
    return Figures(ttft, tpot, whole, _flow(asked, whole, made, decodes))


def _single(asked: Load) -> Traffic:
    fresh = asked.inputs * (1 - asked.shared)
    return Traffic(1.0, asked.inputs, max(1.0, asked.outputs), fresh=max(1.0, fresh))


def _flow(asked: Load, whole: Range, made: Match, decodes: int) -> Range:
    if asked.rate:
        steady = asked.rate * asked.outputs
        return Range(steady, steady, steady)
    value = made.rate / max(1, decodes) * asked.outputs
    return Range(value * whole.value / whole.high, value, value * whole.value / whole.low)
