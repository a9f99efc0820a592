"""What share of a device's peak prompts of one request reach under llama.cpp and MLX."""

from __future__ import annotations

import math
from statistics import median

from servec.compiler.predict.abstain import EDGE
from servec.compiler.predict.edge_class import counted, edge_class_name
from servec.compiler.predict.edge_time import filled
from servec.compiler.predict.shape import shape
from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from servec.compiler.predict.calibration.point import Point
    from servec.compiler.predict.shape import Shape

FIRST = 0.05
"""Seconds before a first token besides its prompt's where none was measured."""
PREFILL = 0.4
"""Share of the peak that a wide model reaches where nothing was measured."""
MOE = 0.4
"""Share of a dense model's prefill that a mixture of experts reaches where none was measured: as
on the classes where both were."""


@record
class Prefill:
    """One prompt speed of one request: the share of the rate that counts it reached, or would have
    with a wide model."""

    point: Point
    name: str
    moe: bool
    share: float


def prefills(points: Iterable[Point]) -> list[Prefill]:
    """The prompt speeds of one request that can be fitted."""
    found = []
    for point in points:
        if point.metric != "prefill_tps" or point.missing:
            continue
        assert point.model is not None and point.quant is not None and point.device is not None
        made = shape(point.model, point.quant, "bf16", point.split, point.device)
        name = edge_class_name(point.runtime, point.device)
        if point.runtime in EDGE and fits(made, point):
            tokens, depth = point.inputs or 512, point.depth
            work = (made.flops + made.flops_expert) * tokens
            work += made.square * ((depth + tokens) ** 2 - depth**2)
            share = work * point.value / tokens / counted(point.device) / filled(point.model)
            found.append(Prefill(point, name, bool(made.total), share))
    return found


def shares(rows: Iterable[Prefill]) -> dict[tuple[str, bool], float]:
    """The median share by class, apart for mixtures of experts."""
    seen: dict[tuple[str, bool], list[float]] = {}
    for row in rows:
        seen.setdefault((row.name, row.moe), []).append(row.share)
    return {key: median(found) for key, found in seen.items()}


def share(found: Mapping[tuple[str, bool], float], name: str, moe: bool) -> float:
    """The share of a class; of mixtures of experts that were not measured there, a part of it."""
    own = found.get((name, moe))
    if own is not None:
        return own
    dense = found.get((name, False), PREFILL)
    return dense * MOE if moe else dense


def firsts(points: Iterable[Point]) -> dict[str, float]:
    """Seconds before the first token besides the prompt's, by class: the median of what a time to
    the first token has more than its prompt takes at the speed that the same run reports."""
    known = [p for p in points if not p.missing and p.runtime in EDGE and p.inputs]
    speeds = {_run(p): p.value for p in known if p.metric == "prefill_tps" and not p.depth}
    seen: dict[str, list[float]] = {}
    for point in known:
        if point.metric == "ttft" and point.device is not None and _run(point) in speeds:
            name = edge_class_name(point.runtime, point.device)
            rest = point.value / 1e3 - point.inputs / speeds[_run(point)]
            seen.setdefault(name, []).append(max(0.0, rest))
    return {name: median(found) for name, found in seen.items()}


def _run(point: Point) -> tuple[object, ...]:
    assert point.model is not None
    return point.runtime, machine(point), point.model.id, point.inputs


def held_back_prefills(rows: Sequence[Prefill]) -> list[float]:
    """log(measured / predicted) seconds of each prompt without its machine."""
    found = []
    for row in rows:
        seen = shares(r for r in rows if machine(r.point) != machine(row.point))
        found += missed([row], seen)
    return found


def missed(rows: Iterable[Prefill], seen: Mapping[tuple[str, bool], float]) -> list[float]:
    """log(measured / predicted) seconds of each prompt by the shares of classes. Bands hold these
    too, of all points: on a machine that was measured, builds and back ends differ still."""
    return [math.log(share(seen, row.name, row.moe) / row.share) for row in rows]


def fits(made: Shape, point: Point) -> bool:
    """Whether the weights fit on the devices: else part of them ran on the host."""
    device = point.device
    assert device is not None
    held = (made.dense + made.experts) / made.stages + made.head
    return not device.memory or held < device.memory


def machine(point: Point) -> str:
    """What runs of one kind of device share, whatever a report calls it."""
    assert point.device is not None
    return point.device.id or point.hardware
