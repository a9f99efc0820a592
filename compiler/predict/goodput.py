"""Requests per second that keep every latency promise."""

from __future__ import annotations

import math

from servec.compiler.plan import Range
from servec.compiler.predict.slo import promised

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from servec.dsl.spec import Spec


def goodput(spec: Spec, requests: Range, quantiles: Mapping[str, Range]) -> Range:
    """The part of `requests` (per second) that keeps the promises, by the worst of them.

    The share below a bound follows from the lognormal through p50 and p95. The low end takes the
    slow ends of the bands, the high end the fast ones.
    """
    shares = [1.0, 1.0, 1.0]
    for metric, op, bound in promised(spec):
        name = metric.partition(".")[0]
        middle, tail = quantiles.get(name + ".p50"), quantiles.get(name + ".p95")
        if op != "<=" or middle is None or tail is None:
            continue
        sides = ((middle.high, tail.high), (middle.value, tail.value), (middle.low, tail.low))
        for place, (half, most) in enumerate(sides):
            shares[place] = min(shares[place], below(bound, half, most))
    low, value, high = shares
    return Range(requests.low * low, requests.value * value, requests.high * high)


def below(bound: float, half: float, most: float) -> float:
    """The share of a lognormal with median `half` and 95th percentile `most` below `bound`."""
    spread = max(1e-3, math.log(most / half) / 1.645)
    return 0.5 * (1.0 + math.erf(math.log(bound / half) / spread / math.sqrt(2.0)))
