"""The values of `edge.json` from published points of llama.cpp and MLX, by coordinate search.

Decode speeds give the shares of the bandwidth and the overheads, prefill speeds the share of the
peak (`edge_prefill`). The loss forgives outliers and each value has a prior: many classes have few
points.
"""

from __future__ import annotations

import math

from servec.compiler.predict.abstain import EDGE
from servec.compiler.predict.calibration.edge_bands import bands_of, coverage, errors_of
from servec.compiler.predict.calibration.edge_prefill import (
    FIRST,
    firsts,
    fits,
    held_back_prefills,
    machine,
    missed,
    prefills,
    share,
    shares,
)
from servec.compiler.predict.calibration.searched import searched
from servec.compiler.predict.edge_class import edge_class_name, generation
from servec.compiler.predict.edge_time import decode_time
from servec.compiler.predict.shape import shape
from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import Any

    from servec.compiler.predict.calibration.edge_bands import Errors
    from servec.compiler.predict.calibration.edge_prefill import Prefill
    from servec.compiler.predict.calibration.point import Point
    from servec.compiler.predict.shape import Shape

ABOUT = (
    "Decode of one request by llama.cpp and MLX: seconds = (weights + cache x cached) / (share x"
    " bandwidth) + generation x (layers x layer + MoE layers x moe_layer). Prefill: operations /"
    " (prefill x peak) + first, `prefill_moe` for mixtures of experts. Bands are log(measured /"
    " predicted) seconds at 2 % and 98 % of machines held back, each with all its points."
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
MOE_LAYER, CACHE = 60e-6, 1.3


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
        if point.runtime not in EDGE or not fits(made, point):
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

    return _tables(labels, searched(cost, list(means)))


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


def edge_table(points: Sequence[Point], source: str) -> dict[str, Any]:
    """The whole table with its provenance; errors are of points whose machine was held back with
    all its models, and of those whose machine and model were held back together."""
    rows, prompts = decodes(points), prefills(points)
    classes, generations = fit(rows)
    reached, start = shares(prompts), firsts(points)
    for name, row in classes.items():
        row["prefill"] = share(reached, name, False)
        row["prefill_moe"] = share(reached, name, True)
        row["first"] = start.get(name, FIRST)
    away = _held_back(rows, lambda point: (machine(point),))
    single = [row.point.metric == "decode_tps" for row in rows]
    speeds = [error for error, one in zip(away, single, strict=True) if one]
    both = _held_back(rows, lambda point: (machine(point), _model(point)))
    pairs = [error for error, one in zip(both, single, strict=True) if one]
    first = held_back_prefills(prompts)
    tokens = [row for row, one in zip(_named(rows, away), single, strict=True) if one]
    apart = _named(prompts, first)
    return {
        "about": ABOUT,
        "provenance": {
            "source": source,
            "decode points": len(rows),
            "prefill points": len(prompts),
            "machines with a model held back": errors_of(pairs),
            "machines held back": {**errors_of(speeds), "band_coverage": coverage(tokens)},
            "machines held back, timed runs too": errors_of(away),
            "prefill, machines held back": {
                **errors_of(first),
                "band_coverage": coverage(apart),
            },
        },
        "classes": {n: {k: float(f"{v:.4g}") for k, v in r.items()} for n, r in classes.items()},
        "generations": {k: round(v, 3) for k, v in generations.items()},
        "bands": {
            "tpot": bands_of(tokens),
            "ttft": bands_of([*apart, *_named(prompts, missed(prompts, reached))]),
        },
    }


def _named(rows: Sequence[Decode | Prefill], errors: Iterable[float]) -> Errors:
    """The errors with class and machine of their points."""
    pairs = zip(rows, errors, strict=True)
    return [(row.name, machine(row.point), error) for row, error in pairs]


def _held_back(rows: Sequence[Decode], group: Callable[[Point], tuple[str, ...]]) -> list[float]:
    """log(measured / predicted) seconds of each row without all of its group."""
    found: dict[int, float] = {}
    for name in sorted({group(row.point) for row in rows}):
        inside = [row for row in rows if group(row.point) != name]
        classes, generations = fit(inside)
        for row in rows:
            if group(row.point) == name:
                made = decode_time(
                    row.shape, classes[row.name], generations.get(row.generation, 1.0), row.context
                )
                found[id(row)] = math.log(row.seconds / made)
    return [found[id(row)] for row in rows]


def _model(point: Point) -> str:
    assert point.model is not None
    return point.model.id
