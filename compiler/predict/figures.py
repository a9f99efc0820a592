"""The means of a settled load with their bands: first token, tokens, whole request, throughput."""

from __future__ import annotations

from servec.compiler.plan import Range
from servec.compiler.predict.bands import band, width
from servec.compiler.predict.parameters import table
from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.predict.ground import Ground
    from servec.compiler.predict.load import Load
    from servec.compiler.predict.queue import Settled
    from servec.compiler.predict.speculative import Speculation


TINY = 1e-6


@record
class Figures:
    """Seconds and tokens per second of one replica; None where there is no such thing."""

    ttft: Range
    tpot: Range | None
    e2e: Range
    throughput: Range | None

    def of(self, metric: str) -> Range | None:
        """The mean behind `ttft.p95` and the like."""
        found: Range | None = getattr(self, metric.partition(".")[0])
        return found


def figures(
    asked: Load, ground: Ground, settled: Settled, found: Speculation, wider: float
) -> Figures:
    """The means. Who waits for a place waits for others to be served, and that is known as well as
    the time of a request is: it has the band of that."""
    made, near, backend = settled.latency, ground.near, ground.keys.backend
    sides = width(table(), "ttft", backend, near)
    first = band(made.ttft, sides, wider)
    if not asked.outputs:
        return Figures(first, None, first, None)
    token = band(made.tpot, width(table(), "tpot", backend, near), wider)
    if found.drafted:
        token = Range(
            token.low * found.usual / found.high, token.value, token.high * found.usual / found.low
        )
    served = added(first, token, asked.outputs - 1)
    if made.waiting >= 1:
        own = band(max(made.ttft - made.queue, TINY), sides, wider)
        served = added(own, token, asked.outputs - 1)
        first = added(own, served, made.queue / served.value)
    whole = added(first, token, asked.outputs - 1)
    return Figures(first, token, whole, _throughput(asked, settled, served))


def added(first: Range, token: Range, rest: float) -> Range:
    """A time and `rest` others, as a first token and all that follow; their errors are taken to go
    together."""
    return Range(
        first.low + rest * token.low,
        first.value + rest * token.value,
        first.high + rest * token.high,
    )


def _throughput(asked: Load, settled: Settled, whole: Range) -> Range:
    """Of all that runs. Where requests wait for a place, as many run as there are places, `whole`
    is their time in one, and how long the others wait changes nothing."""
    if asked.rate:
        steady = asked.rate * asked.outputs
        return Range(steady, steady, steady)
    made = settled.latency
    running = made.running if made.waiting >= 1 else settled.traffic.concurrency
    tokens = running * asked.outputs
    return Range(tokens / whole.high, tokens / whole.value, tokens / whole.low)
