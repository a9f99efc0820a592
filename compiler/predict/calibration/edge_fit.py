"""The values of `edge.json` from published points of llama.cpp and MLX, by coordinate search.

Decode speeds give the shares of the bandwidth and the overheads, prefill speeds the share of the
peak. The loss forgives outliers and each value has a prior: many classes have few points.
"""

from __future__ import annotations

import math
from statistics import median

from servec.compiler.predict.calibration.classes import quantile
from servec.compiler.predict.edge_class import edge_class_name, generation
from servec.compiler.predict.edge_time import decode_time
from servec.compiler.predict.shape import shape
from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import Any

    from servec.compiler.predict.calibration.point import Point
    from servec.compiler.predict.shape import Shape

ABOUT = (
    "Decode of one request by llama.cpp and MLX: seconds = (weights + cache x cached) / (share x"
    " bandwidth) + generation x (layers x layer + MoE layers x moe_layer). Prefill: operations /"
    " (prefill x peak) + first. Bands are log(measured / predicted) at 5 % and 95 % of points held"
    " back; that of the first token is a choice."
)
NOISE = 0.08
SHORTEST = 64
"""Tokens of an answer from which on its time is that of decoding."""
START: dict[str, tuple[float, float]] = {
    "llamacpp.gddr": (0.9, 100e-6),
    "llamacpp.hbm": (0.5, 100e-6),
    "llamacpp.hbm-amd": (0.3, 100e-6),
    "llamacpp.hbm-intel": (0.15, 100e-6),
    "llamacpp.unified": (0.85, 120e-6),
    "llamacpp.apple": (0.9, 250e-6),
    "llamacpp.cpu": (0.7, 100e-6),
    "mlx.apple": (0.85, 90e-6),
}
"""Share of the bandwidth and seconds of a layer that each class starts from."""
GENERATIONS = {"m1": 1.8, "m2": 1.0, "m3": 1.0, "m4": 0.6, "m5": 0.5}
"""What multiplies the overheads of Apple's chips, to start from; each takes fewer cycles."""
FIELDS = {"share": 0.15, "layer": 0.5, "moe_layer": 0.7, "cache": 0.5}
"""Values of a class and the prior's deviation of their logarithms."""
GENERATION = 0.3
MOE_LAYER, CACHE, PREFILL = 60e-6, 1.3, 0.4


@record
class Decode:
    """One decode speed: seconds of a token, in a class and generation, with a context."""

    point: Point
    shape: Shape
    name: str
    generation: str
    context: float
    seconds: float


def decodes(points: Iterable[Point]) -> list[Decode]:
    """The decode speeds of one request that can be fitted: what fits on its devices."""
    found = []
    for point in points:
        if not seconds(point) or point.missing or point.batch > 1:
            continue
        assert point.model is not None and point.quant is not None and point.device is not None
        made = shape(point.model, point.quant, "bf16", point.split, point.device)
        if point.runtime not in ("llamacpp", "mlx") or not fits(made, point):
            continue
        found.append(
            Decode(
                point=point,
                shape=made,
                name=edge_class_name(point.runtime, point.device),
                generation=generation(point.device),
                context=context(point),
                seconds=seconds(point),
            )
        )
    return found


def seconds(point: Point) -> float:
    """Seconds of a token; 0 where the point says nothing of decoding.

    Where a whole run of one request was timed the prompt is left out: it takes a few percent.
    """
    if point.metric == "batch_latency" and point.outputs >= SHORTEST:
        return point.value / point.outputs
    return 1.0 / point.value if point.metric == "decode_tps" else 0.0


def context(point: Point) -> float:
    """Tokens in the cache half-way through the answer."""
    return point.depth + point.inputs + (point.outputs or 128) / 2


def fits(made: Shape, point: Point) -> bool:
    """Whether the weights fit on the devices: else part of them ran on the host."""
    device = point.device
    assert device is not None
    held = (made.dense + made.experts) / made.stages + made.head
    return not device.memory or held < device.memory


def fit(rows: Sequence[Decode]) -> tuple[dict[str, dict[str, float]], dict[str, float]]:
    """Values by class, and factors by generation."""
    labels, means, sides = _unknowns(rows)

    def cost(found: list[float]) -> float:
        classes, generations = _tables(labels, found)
        total = sum(((x - m) / d) ** 2 for x, m, d in zip(found, means, sides, strict=True))
        for row in rows:
            made = decode_time(
                row.shape, classes[row.name], generations.get(row.generation, 1.0), row.context
            )
            off = math.log(made / row.seconds) / NOISE
            total += 2 * (math.sqrt(1 + off * off) - 1)
        return total

    return _tables(labels, _searched(cost, list(means)))


def _unknowns(
    rows: Sequence[Decode],
) -> tuple[list[tuple[str, str]], list[float], list[float]]:
    labels: list[tuple[str, str]] = []
    means: list[float] = []
    sides: list[float] = []
    for name in sorted(START):
        share, layer = START[name]
        for field, side in FIELDS.items():
            labels.append((name, field))
            start = {"share": share, "layer": layer, "moe_layer": MOE_LAYER, "cache": CACHE}[field]
            means.append(math.log(start))
            sides.append(side)
    for word, factor in GENERATIONS.items():
        labels.append(("", word))
        means.append(math.log(factor))
        sides.append(GENERATION)
    return labels, means, sides


def _tables(
    labels: list[tuple[str, str]], found: list[float]
) -> tuple[dict[str, dict[str, float]], dict[str, float]]:
    classes: dict[str, dict[str, float]] = {}
    generations: dict[str, float] = {}
    for (name, field), value in zip(labels, found, strict=True):
        if name:
            classes.setdefault(name, {})[field] = math.exp(value)
        else:
            generations[field] = math.exp(value)
    return classes, generations


def _searched(cost: Callable[[list[float]], float], found: list[float]) -> list[float]:
    """Downhill along one value after the other, in ever smaller steps."""
    best, step = cost(found), 0.2
    while step > 0.004:
        better = False
        for place in range(len(found)):
            for move in (step, -step):
                moved = list(found)
                moved[place] += move
                now = cost(moved)
                if now < best:
                    found, best, better = moved, now, True
                    break
        if not better:
            step /= 2
    return found


def prefills(points: Iterable[Point]) -> dict[str, float]:
    """The median share of the peak that prompts of one request reached, by class."""
    seen: dict[str, list[float]] = {}
    for point in points:
        if point.metric != "prefill_tps" or point.missing or point.depth:
            continue
        assert point.model is not None and point.quant is not None and point.device is not None
        made = shape(point.model, point.quant, "bf16", point.split, point.device)
        name = edge_class_name(point.runtime, point.device)
        if name in START and fits(made, point):
            tokens = point.inputs or 512
            work = (made.flops + made.flops_expert) * tokens + made.square * tokens**2
            seen.setdefault(name, []).append(work * point.value / tokens)
    return {name: median(shares) for name, shares in seen.items()}


def edge_table(points: Sequence[Point], source: str) -> dict[str, Any]:
    """The whole table with its provenance; errors are of points whose machine and model were held
    back together."""
    rows = decodes(points)
    classes, generations = fit(rows)
    shares = prefills(points)
    for name, row in classes.items():
        row["prefill"] = shares.get(name, PREFILL)
        row["first"] = 0.05
    errors = _held_back(rows)
    off = [abs(math.exp(error) - 1) for error in errors]
    return {
        "about": ABOUT,
        "provenance": {
            "source": source,
            "decode points": len(rows),
            "machines with a model held back": {
                "median_error": round(median(off), 4),
                "mean_error": round(sum(off) / len(off), 4),
            },
        },
        "classes": {n: {k: float(f"{v:.4g}") for k, v in r.items()} for n, r in classes.items()},
        "generations": {k: round(v, 3) for k, v in generations.items()},
        "bands": {
            "tpot": {
                "low": round(quantile(errors, 0.05), 3),
                "high": round(quantile(errors, 0.95), 3),
                "n": len(errors),
            },
            "ttft": {"low": -0.7, "high": 0.7, "n": 0},
        },
    }


def _held_back(rows: Sequence[Decode]) -> list[float]:
    """log(measured / predicted) of each speed without its machine and model; timed runs are not."""
    judged = [row for row in rows if row.point.metric == "decode_tps"]
    groups = sorted({_group(row) for row in judged})
    found: dict[int, float] = {}
    for group in groups:
        inside = [row for row in rows if _group(row) != group]
        classes, generations = fit(inside)
        for row in judged:
            if _group(row) == group:
                made = decode_time(
                    row.shape, classes[row.name], generations.get(row.generation, 1.0), row.context
                )
                found[id(row)] = math.log(row.seconds / made)
    return [found[id(row)] for row in judged]


def _group(row: Decode) -> tuple[str, str]:
    assert row.point.model is not None
    return row.point.hardware, row.point.model.id
