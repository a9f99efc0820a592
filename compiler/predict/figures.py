"""The means of a settled load with their bands: first token, tokens, whole request, throughput."""

from __future__ import annotations

from servec.compiler.plan import Range
from servec.compiler.predict.bands import band, width
from servec.compiler.predict.latency import crowded
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
    """The means. Where requests wait for a place, the first token is known the worse for it."""
    made = settled.latency
    first_sides, token_sides = (_sides(ground, settled, name) for name in ("ttft", "tpot"))
    wait = 1.0 + min(1.0, made.waiting / max(1.0, made.running))
    first = band(made.ttft, first_sides, wider * wait)
    if not asked.outputs:
        return Figures(first, None, first, None)
    token = band(made.tpot, token_sides, wider)
    if found.drafted:
        token = Range(
            token.low * found.usual / found.high, token.value, token.high * found.usual / found.low
        )
    whole = added(first, token, asked.outputs - 1)
    served = whole
    if made.waiting >= 1:
        own = band(max(made.ttft - made.queue, TINY), first_sides, wider)
        served = added(own, token, asked.outputs - 1)
    return Figures(first, token, whole, _throughput(asked, settled, served))


def _sides(ground: Ground, settled: Settled, name: str) -> tuple[float, float]:
    """The band's sides. A crowded memory makes things later than predicted: it is known of a plan,
    unlike of a measured run, how many sequences it holds, so that it makes nothing earlier."""
    near, backend = ground.near, ground.keys.backend
    low, high = width(table(), name, backend, near)
    if crowded(ground.shape, settled.traffic):
        high = max(high, width(table(), name, backend, near, True)[1])
    return low, high


def added(first: Range, token: Range, rest: float) -> Range:
    """A whole request: its first token and `rest` more; their errors are taken to go together."""
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
