"""Predictions of memory against a file of measurements: errors by quantity, and right verdicts.

The file's form: a list of entries `{id, runtime, version, hardware, gpus, model, precision, flags,
observed: [{quantity, value, unit}], outcome}`. What an entry does not name is not guessed: then the
row abstains, with the reason. Errors are relative and without sign.
"""

from __future__ import annotations

from servec.compiler.memory.measured.entry import read_entry
from servec.compiler.memory.measured.quantities import predict
from servec.compiler.memory.measured.row import Row
from servec.compiler.memory.measured.scores import score
from servec.compiler.memory.measured.verdicts import judged, seen
from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from servec.compiler.memory.measured.entry import Entry


@record
class Verdicts:
    """Entries by what was seen and what the sum said; `wrong` holds their ids."""

    starts_right: int
    fails_right: int
    starts_wrong: int
    fails_wrong: int
    unsure: int
    unjudged: int
    wrong: tuple[str, ...] = ()


@record
class Accuracy:
    """The rows of a file in its order, and the verdicts on its outcomes."""

    rows: tuple[Row, ...]
    verdicts: Verdicts

    def document(self) -> dict[str, object]:
        """The JSON document of `servec accuracy`."""
        names = sorted({row.quantity for row in self.rows})
        groups = sorted({row.group for row in self.rows})
        v = self.verdicts
        return {
            "schema": "servec.accuracy/1",
            "quantities": {n: score([r for r in self.rows if r.quantity == n]) for n in names},
            "groups": {g: score([r for r in self.rows if r.group == g]) for g in groups},
            "fit": {
                "starts_right": v.starts_right + v.fails_right,
                "starts_wrong": v.starts_wrong + v.fails_wrong,
                "unsure": v.unsure,
                "unjudged": v.unjudged,
                "matrix": {
                    "started": {
                        "predicted_start": v.starts_right,
                        "predicted_failure": v.fails_wrong,
                    },
                    "failed": {
                        "predicted_start": v.starts_wrong,
                        "predicted_failure": v.fails_right,
                    },
                },
                "wrong": list(v.wrong),
            },
            "rows": [row.plain() for row in self.rows],
        }


def is_memory_file(data: object) -> bool:
    """Whether parsed data has the form of a file of memory measurements."""
    if not isinstance(data, list) or not data:
        return False
    return all(isinstance(row, dict) for row in data) and any(
        "observed" in row or "outcome" in row for row in data
    )


def accuracy(data: Iterable[Mapping[str, object]]) -> Accuracy:
    """Score every entry of a parsed file of memory measurements."""
    entries = [(row, read_entry(row)) for row in data]
    rows = tuple(made for row, entry in entries for made in _rows(row, entry))
    return Accuracy(rows, _verdicts(entries))


def _rows(row: Mapping[str, object], entry: Entry) -> Iterator[Row]:
    observed = row.get("observed")
    for item in observed if isinstance(observed, list) else ():
        value = item.get("value") if isinstance(item, dict) else None
        if not isinstance(value, (int, float)) or isinstance(value, bool):
            continue
        name = str(item.get("quantity", ""))
        guess = predict(entry, name)
        none = guess.value is None
        yield Row(
            id=entry.id,
            group=f"{entry.runtime}|{entry.hardware}",
            quantity=name,
            measured=float(value),
            predicted=guess.value,
            low=None if none else guess.low,
            high=None if none else guess.high,
            abstained=guess.why,
        )


def _verdicts(entries: list[tuple[Mapping[str, object], Entry]]) -> Verdicts:
    counts = {(True, True): 0, (False, False): 0, (True, False): 0, (False, True): 0}
    unsure = unjudged = 0
    wrong: list[str] = []
    for row, entry in entries:
        started = seen(str(row.get("outcome", "")))
        if started is None:
            continue
        said, why = judged(entry)
        if said is not None:
            counts[started, said] += 1
            wrong += [entry.id] if said != started else []
        elif "inside" in why:
            unsure += 1
        else:
            unjudged += 1
    return Verdicts(
        starts_right=counts[True, True],
        fails_right=counts[False, False],
        starts_wrong=counts[False, True],
        fails_wrong=counts[True, False],
        unsure=unsure,
        unjudged=unjudged,
        wrong=tuple(wrong),
    )
