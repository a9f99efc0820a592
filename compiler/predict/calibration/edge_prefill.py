"""What share of a device's peak prompts of one request reach under llama.cpp and MLX."""

from __future__ import annotations

import math
from statistics import median

from servec.compiler.predict.edge_class import counted, edge_class_name
from servec.compiler.predict.shape import shape
from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from servec.compiler.predict.calibration.point import Point
    from servec.compiler.predict.shape import Shape

RUNTIMES = ("llamacpp", "mlx")
PREFILL = 0.4
"""Share of the peak where nothing was measured."""
MOE = 0.4
"""Share of a dense model's prefill that a mixture of experts reaches where none was measured: as
on the classes where both were."""


@record
class Prefill:
    """One prompt speed of one request: the share of the rate that counts it reached."""

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
        if point.runtime in RUNTIMES and fits(made, point):
            tokens, depth = point.inputs or 512, point.depth
            work = (made.flops + made.flops_expert) * tokens
            work += made.square * ((depth + tokens) ** 2 - depth**2)
            share = work * point.value / tokens / counted(point.device)
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


def held_back_prefills(rows: Sequence[Prefill]) -> list[float]:
    """log(measured / predicted) seconds of each prompt without its machine."""
    found = []
    for row in rows:
        seen = shares(r for r in rows if machine(r.point) != machine(row.point))
        found.append(math.log(share(seen, row.name, row.moe) / row.share))
    return found


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
