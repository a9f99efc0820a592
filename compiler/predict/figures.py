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
    made, near, backend = settled.latency, ground.near, ground.keys.backend
    wait = 1.0 + min(1.0, made.waiting / max(1.0, made.running))
    first = band(made.ttft, width(table(), "ttft", backend, near), wider * wait)
    if not asked.outputs:
        return Figures(first, None, first, None)
    token = band(made.tpot, width(table(), "tpot", backend, near), wider)
    if found.drafted:
        token = Range(
            token.low * found.usual / found.high, token.value, token.high * found.usual / found.low
        )
    whole = added(first, token, asked.outputs - 1)
    return Figures(first, token, whole, _throughput(asked, settled, whole))


def added(first: Range, token: Range, rest: float) -> Range:
    """A whole request: its first token and `rest` more; their errors are taken to go together."""
    return Range(
        first.low + rest * token.low,
        first.value + rest * token.value,
        first.high + rest * token.high,
    )


def _throughput(asked: Load, settled: Settled, whole: Range) -> Range:
    if asked.rate:
        steady = asked.rate * asked.outputs
        return Range(steady, steady, steady)
    tokens = settled.traffic.concurrency * asked.outputs
    return Range(tokens / whole.high, tokens / whole.value, tokens / whole.low)
