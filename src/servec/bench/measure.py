"""What the samples of a test say: means and percentiles, rates, and promises kept."""

from __future__ import annotations

import math

from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from servec.bench.client import Sample


@record
class Spread:
    """A quantity over requests, in seconds."""

    mean: float
    p50: float
    p95: float
    p99: float
    least: float
    most: float


@record
class Measured:
    """The test as a whole. `seconds` from the first request to the end of the last answer.

    `inputs` and `outputs` are means of tokens; `counted`: they are the server's own counts.
    `ttft` and `tpot` are None where answers do not come token by token. Rates over all requests:
    output tokens, requests, and requests that keep every promise on latency, a second.
    """

    sent: int
    failed: int
    seconds: float
    inputs: float
    outputs: float
    counted: bool
    ttft: Spread | None
    tpot: Spread | None
    e2e: Spread | None
    throughput: float
    requests: float
    goodput: float
    errors: Mapping[str, int]


def measured(
    samples: Sequence[Sample], streamed: bool, bounds: Mapping[str, float], inputs: int
) -> Measured:
    """`bounds`: the tightest promise on `ttft`, `tpot` and `e2e`, in seconds. `inputs`: the tokens
    of a prompt where the server does not count them."""
    good = [sample for sample in samples if not sample.error]
    errors: dict[str, int] = {}
    for sample in samples:
        if sample.error:
            errors[sample.error] = errors.get(sample.error, 0) + 1
    start = min((sample.start for sample in samples), default=0.0)
    seconds = max((sample.start + sample.last for sample in good), default=start) - start
    counted = bool(good) and all(sample.inputs for sample in good)
    kept = [sample for sample in good if _keeps(sample, bounds)]
    return Measured(
        sent=len(samples),
        failed=len(samples) - len(good),
        seconds=seconds,
        inputs=_mean([s.inputs for s in good]) if counted else float(inputs),
        outputs=_mean([s.tokens for s in good]) if streamed else 0.0,
        counted=counted,
        ttft=spread(s.first for s in good) if streamed else None,
        tpot=spread(s.tpot for s in good if s.tokens > 1) if streamed else None,
        e2e=spread(s.last for s in good),
        throughput=sum(s.tokens for s in good) / seconds if seconds and streamed else 0.0,
        requests=len(good) / seconds if seconds else 0.0,
        goodput=len(kept) / seconds if seconds else 0.0,
        errors=dict(sorted(errors.items(), key=lambda item: (-item[1], item[0]))),
    )


def _keeps(sample: Sample, bounds: Mapping[str, float]) -> bool:
    times = {"ttft": sample.first, "tpot": sample.tpot, "e2e": sample.last}
    return all(times[name] <= bound for name, bound in bounds.items())


def spread(values: Iterable[float]) -> Spread | None:
    """Mean and percentiles; None of nothing."""
    found = sorted(values)
    if not found:
        return None
    p50, p95, p99 = (percentile(found, at) for at in (50, 95, 99))
    return Spread(_mean(found), p50, p95, p99, found[0], found[-1])


def percentile(ordered: Sequence[float], at: float) -> float:
    """The percentile of ordered values, between neighbours in proportion."""
    place = (len(ordered) - 1) * at / 100
    low = math.floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
