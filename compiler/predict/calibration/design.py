"""The unknowns of a fit: a base for each value and an offset for each key that was seen."""

from __future__ import annotations

import math

from servec.compiler.predict.parameters import NAMES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from servec.compiler.predict.calibration.sample import Sample

LENGTHS = "lengths"


class Design:
    """Unknowns in a row: `means` and `deviations` of their prior, `columns` of each sample.

    `start` is a table whose values are the means instead of those of `priors`; then every
    deviation is halved, so that few measurements change only what they speak of.
    """

    def __init__(
        self,
        priors: Mapping[str, Any],
        samples: Iterable[Sample],
        start: Mapping[str, Any] | None = None,
    ) -> None:
        """Find every key of the samples."""
        self.means: list[float] = []
        self.deviations: list[float] = []
        self.labels: list[tuple[str, str, str]] = []
        self._priors = priors["values"]
        self._start = start["values"] if start else None
        self._places: dict[tuple[str, str, str], int] = {}
        self._columns: dict[tuple[object, str], tuple[tuple[int, ...], ...]] = {}
        for name in NAMES:
            row = self._priors[name]
            base = self._start[name]["base"] if self._start else row["base"]
            self._add((name, "", ""), math.log(base), row["deviation"])
        for sample in samples:
            self.columns(sample)

    def _add(self, label: tuple[str, str, str], mean: float, deviation: float) -> int:
        self._places[label] = len(self.means)
        self.labels.append(label)
        self.means.append(mean)
        self.deviations.append(deviation / 2 if self._start else deviation)
        return self._places[label]

    def columns(self, sample: Sample) -> tuple[tuple[int, ...], ...]:
        """For each value, the unknowns whose sum is its logarithm."""
        assert sample.keys is not None
        key = (sample.keys, sample.lengths)
        found = self._columns.get(key)
        if found is None:
            found = tuple(self._of(name, sample) for name in NAMES)
            self._columns[key] = found
        return found

    def _of(self, name: str, sample: Sample) -> tuple[int, ...]:
        assert sample.keys is not None
        places = [self._places[name, "", ""]]
        for kind, deviation in self._priors[name]["offsets"].items():
            word = sample.lengths if kind == LENGTHS else sample.keys.of(kind)
            label = (name, kind, word)
            place = self._places.get(label)
            if place is None:
                mean = self._started(name, kind, word)
                place = self._add(label, mean, deviation)
            places.append(place)
        return tuple(places)

    def _started(self, name: str, kind: str, word: str) -> float:
        if self._start is None:
            return 0.0
        return float(self._start[name]["offsets"].get(kind, {}).get(word, 0.0))

    def table(self, found: list[float]) -> dict[str, Any]:
        """The values of a parameter table; offsets that come to nothing are left out."""
        rows: dict[str, Any] = {name: {"base": 0.0, "offsets": {}} for name in NAMES}
        for (name, kind, word), value in zip(self.labels, found, strict=True):
            if not kind:
                rows[name]["base"] = float(f"{math.exp(value):.5g}")
            elif abs(value) >= 5e-4:
                rows[name]["offsets"].setdefault(kind, {})[word] = round(value, 4)
        if self._start:
            self._keep(rows)
        for row in rows.values():
            offsets = row["offsets"]
            row["offsets"] = {kind: dict(sorted(offsets[kind].items())) for kind in sorted(offsets)}
        return rows

    def _keep(self, rows: dict[str, Any]) -> None:
        """Keep what the table that was started from knows of other keys."""
        assert self._start is not None
        for name, row in rows.items():
            for kind, offsets in self._start[name]["offsets"].items():
                own = row["offsets"].setdefault(kind, {})
                for word, value in offsets.items():
                    if (name, kind, word) not in self._places:
                        own[word] = value
