"""Errors on what a fit has not seen: whole configurations, or single runs of seen ones."""

from __future__ import annotations

import hashlib
import math

from servec.compiler.predict.calibration.build import build
from servec.compiler.predict.latency import crowded, latency
from servec.compiler.predict.neighbours import correction
from servec.compiler.predict.parameters import Table
from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from servec.compiler.predict.calibration.sample import Sample


@record
class Held:
    """One held-back run: log(measured / predicted) of both times, and what was known around it."""

    sample: Sample
    ttft: float
    tpot: float
    mass: float
    own: bool
    crowded: bool = False


def held_back(
    samples: Sequence[Sample],
    priors: Mapping[str, Any],
    warm: Mapping[tuple[str, str, str], float],
    name: Callable[[Sample], str],
    folds: int = 10,
    deal: int = 0,
) -> tuple[Held, ...]:
    """Every sample, predicted by a table that was fitted without all that shares its `name`.

    `deal`: another number deals the names out anew.
    """
    place = dealt({name(sample) for sample in samples}, folds, deal)
    found: list[Held] = []
    for fold in range(folds):
        inside = [s for s in samples if place[name(s)] != fold]
        outside = [s for s in samples if place[name(s)] == fold]
        if not inside or not outside:
            continue
        table = Table(build(inside, priors, warm=_seen(inside, warm))[0])
        found += [judge(table, sample) for sample in outside]
    return tuple(found)


def judge(table: Table, sample: Sample) -> Held:
    """What a table predicts of a sample, against what was measured."""
    assert sample.keys is not None and sample.shape is not None
    near = correction(table, sample.keys)
    made = latency(sample.shape, table.values(sample.keys, sample.lengths), sample.traffic)
    return Held(
        sample=sample,
        ttft=math.log(sample.ttft / (made.ttft * near.ttft)),
        tpot=math.log(sample.tpot / (made.tpot * near.tpot)),
        mass=near.mass,
        own=near.own,
        crowded=crowded(sample.shape, sample.traffic),
    )


def dealt(names: set[str], folds: int, deal: int) -> dict[str, int]:
    """A fold for each name: in the order of a hash, dealt out in turn, the same on every run."""
    order = sorted(names, key=lambda name: hashlib.sha256(f"{deal}{name}".encode()).digest())
    return {name: number % folds for number, name in enumerate(order)}


def _seen(
    samples: Sequence[Sample], warm: Mapping[tuple[str, str, str], float]
) -> dict[tuple[str, str, str], float]:
    """The unknowns of keys that these samples have, so that nothing leaks through the rest."""
    words: set[tuple[str, str]] = set()
    for sample in samples:
        assert sample.keys is not None
        words.add(("lengths", sample.lengths))
        kinds = {kind for _, kind, _ in warm if kind and kind != "lengths"}
        words |= {(kind, sample.keys.of(kind)) for kind in kinds}
    return {k: v for k, v in warm.items() if not k[1] or (k[1], k[2]) in words}
