"""Most likely values under the priors: damped Gauss-Newton with losses that forgive outliers.

The loss of a run is of r = log(predicted / measured) / noise for each of its two times; a Gaussian
prior on each unknown is added. A first search, with 2 (sqrt(1 + r^2) - 1), finds the same point
wherever it begins; a second goes on from there with FAR log(1 + r^2 / FAR), to which a run that is
far off, such as one that queued at a limit nobody wrote down, next to adds nothing. Derivatives are
taken with respect to the values of a run and handed on to the unknowns whose sums they are.
"""

from __future__ import annotations

import math

from servec.compiler.predict.calibration.design import Design
from servec.compiler.predict.calibration.solve import solve
from servec.compiler.predict.latency import latency
from servec.compiler.predict.parameters import NAMES, Values

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from servec.compiler.predict.calibration.sample import Sample

STEP = 1e-3
MOST_STEP = 0.7
ROUNDS = 30
FAR = 4.0
"""Square of the residual (in units of the noise) from which on a run loses its say: by
cross-validation over whole configurations 2, 3, 4 and 5 are alike, 8 and 15 worse."""


class Fit:
    """A fit of `samples` (all with shape and keys) under `priors`; `run` gives the unknowns."""

    def __init__(
        self,
        priors: Mapping[str, Any],
        samples: Sequence[Sample],
        start: Mapping[str, Any] | None = None,
    ) -> None:
        """Lay out the unknowns and group the samples that share theirs."""
        self._far = 0.0
        self.design = Design(priors, samples, start)
        self._noise = (float(priors["noise"]["ttft"]), float(priors["noise"]["tpot"]))
        groups: dict[tuple[tuple[int, ...], ...], list[Sample]] = {}
        for sample in samples:
            groups.setdefault(self.design.columns(sample), []).append(sample)
        self._groups = list(groups.items())

    def run(self, found: list[float] | None = None) -> list[float]:
        """The unknowns at the least loss, from `found` or from the prior's means."""
        self._far = 0.0
        found = self._search(list(found or self.design.means))
        self._far = FAR
        return self._search(found)

    def _search(self, found: list[float]) -> list[float]:
        """Downhill with the loss in use."""
        damping, cost = 1e-3, self.cost(found)
        for _ in range(ROUNDS):
            matrix, slope = self._normal(found)
            better = self._better(found, matrix, slope, damping, cost)
            if better is None:
                break
            found, lower, damping = better
            done = cost - lower < 1e-5 * cost
            cost = lower
            if done:
                break
        return found

    def _better(
        self,
        found: list[float],
        matrix: list[list[float]],
        slope: list[float],
        damping: float,
        cost: float,
    ) -> tuple[list[float], float, float] | None:
        """The next point of lower cost, with its cost and damping; None where there is none."""
        for _ in range(8):
            damped = [list(row) for row in matrix]
            for i, row in enumerate(damped):
                row[i] *= 1 + damping
            step = solve(damped, slope)
            scale = min(1.0, MOST_STEP / max(1e-9, max(abs(s) for s in step)))
            point = [x - scale * s for x, s in zip(found, step, strict=True)]
            lower = self.cost(point)
            if lower < cost:
                return point, lower, damping / 4
            damping = max(damping * 6, 1e-6)
        return None

    def cost(self, found: list[float]) -> float:
        """The loss of all runs and of the priors."""
        total = sum(
            ((x - m) / d) ** 2
            for x, m, d in zip(found, self.design.means, self.design.deviations, strict=True)
        )
        for columns, samples in self._groups:
            values = _values(columns, found)
            for sample in samples:
                for r in self._residuals(sample, values):
                    total += self._loss(r)
        return total

    def _loss(self, r: float) -> float:
        if self._far:
            return self._far * math.log1p(r * r / self._far)
        return 2 * (math.sqrt(1 + r * r) - 1)

    def _weight(self, r: float) -> float:
        """The slope of the loss over r, as a share of that of r^2."""
        return 1 / (1 + r * r / self._far) if self._far else 1 / math.sqrt(1 + r * r)

    def _residuals(self, sample: Sample, values: list[float]) -> tuple[float, float]:
        assert sample.shape is not None
        made = latency(sample.shape, Values(*values), sample.traffic)
        ttft = math.log(made.ttft / sample.ttft) / self._noise[0]
        return ttft, math.log(made.tpot / sample.tpot) / self._noise[1]

    def _normal(self, found: list[float]) -> tuple[list[list[float]], list[float]]:
        """The matrix and right side of the next step."""
        size = len(found)
        matrix = [[0.0] * (i + 1) for i in range(size)]
        slope = [0.0] * size
        design = self.design
        for i in range(size):
            weight = 1 / design.deviations[i] ** 2
            matrix[i][i] = weight
            slope[i] = (found[i] - design.means[i]) * weight
        for columns, samples in self._groups:
            inner, right = self._inner(_values(columns, found), samples)
            for p, first in enumerate(columns):
                for i in first:
                    slope[i] += right[p]
                    row = matrix[i]
                    for q, second in enumerate(columns):
                        value = inner[p][q]
                        if value:
                            for j in second:
                                if j <= i:
                                    row[j] += value
        return matrix, slope

    def _inner(
        self, values: list[float], samples: list[Sample]
    ) -> tuple[list[list[float]], list[float]]:
        """The same in the values of a group of samples."""
        size = len(NAMES)
        inner = [[0.0] * size for _ in range(size)]
        right = [0.0] * size
        for sample in samples:
            here = self._residuals(sample, values)
            moved = [self._residuals(sample, _nudged(values, p)) for p in range(size)]
            for side, residual in enumerate(here):
                weight = self._weight(residual)
                slopes = [(m[side] - residual) / STEP for m in moved]
                for p, slope in enumerate(slopes):
                    if slope:
                        right[p] += weight * slope * residual
                        row = inner[p]
                        for q, other in enumerate(slopes):
                            row[q] += weight * slope * other
        return inner, right


def _values(columns: tuple[tuple[int, ...], ...], found: list[float]) -> list[float]:
    return [math.exp(max(-40.0, min(12.0, sum(found[i] for i in places)))) for places in columns]


def _nudged(values: list[float], place: int) -> list[float]:
    moved = list(values)
    moved[place] *= math.exp(STEP)
    return moved
