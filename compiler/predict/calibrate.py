"""Fit the predictor to a file of measured serving runs: a parameter table with its provenance.

`python -m servec.compiler.predict.calibrate FILE SOURCE...` makes the package's own tables anew:
`parameters.json` from a CSV file of runs, `edge.json` from a JSON list of points. `calibrated` is
what `servec calibrate` calls, which starts from the table in use. A fit of 700 runs takes about
8 s, judging it by cross-validation about 3 minutes.
"""

from __future__ import annotations

import csv
import json
import math
from os.path import dirname, join

from servec.compiler.memory.measured.row import Row
from servec.compiler.predict.calibration.build import build
from servec.compiler.predict.calibration.classes import bands, bands_apart
from servec.compiler.predict.calibration.held_back import held_back
from servec.compiler.predict.calibration.sample import samples
from servec.compiler.predict.promises import promises
from servec.compiler.predict.scores import plain, scores

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any

    from servec.compiler.predict.calibration.held_back import Held
    from servec.compiler.predict.calibration.sample import Sample

DEALS = 3
"""How often the configurations are dealt into folds; errors are over all deals."""
FEWEST = 8
"""Runs that can be predicted, below which nothing is fitted."""


def calibrated(
    rows: Iterable[Mapping[str, str]], source: str, start: Mapping[str, Any] | None = None
) -> dict[str, Any] | str:
    """The table fitted to the rows of a file, or why there is none.

    `start`: a table to begin at, whose neighbours and provenance are kept.
    """
    known = [s for s in samples(rows) if s.shape is not None]
    if len(known) < FEWEST:
        return f"{len(known)} usable rows whose model and hardware are known; {FEWEST} are needed"
    priors = priors_table()
    data, warm = build(known, priors, start)
    if start is None:
        apart, single = _judged(known, priors, warm)
        data["bands"] = bands(apart, single)
        judged = {
            "configurations held back": _scores(apart),
            "single runs held back": _scores(single),
        }
    else:
        data["bands"], judged = start["bands"], {}
    provenance: dict[str, Any] = _provenance(known, source, judged)
    if start is not None:
        provenance["start"] = start["provenance"]
    return {"provenance": provenance, **data}


def priors_table() -> Mapping[str, Any]:
    """Where a fit starts and how far it may go."""
    with open(join(dirname(__file__), "priors.json"), encoding="utf-8") as file:
        found: Mapping[str, Any] = json.load(file)
    return found


def _judged(
    known: Sequence[Sample], priors: Mapping[str, Any], warm: Mapping[tuple[str, str, str], float]
) -> tuple[list[Held], list[Held]]:
    apart: list[Held] = []
    for deal in range(DEALS):
        apart += held_back(known, priors, warm, lambda s: s.group, deal=deal)
    return apart, list(held_back(known, priors, warm, lambda s: s.id))


def _scores(held: Sequence[Held]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in ("tpot", "ttft"):
        rows = [_row(*one, name) for one in bands_apart(held, name)]
        inside = sum(row.low <= row.measured <= row.high for row in rows)  # type: ignore[operator]
        made = scores([(row.measured, float(row.predicted or 0)) for row in rows])
        found[name] = plain({**made, "band_coverage": inside / len(rows) if rows else 0.0})
        judged = promises(rows).get(name + "_ms", {})
        found[name]["promises"] = {kind: plain(row) for kind, row in judged.items()}
    return found


def _row(held: Held, low: float, high: float, name: str) -> Row:
    """A held-back run in ms, with the ends of its band."""
    measured = getattr(held.sample, name) * 1e3
    said = measured * math.exp(-getattr(held, name))
    return Row(
        id=held.sample.id,
        group=held.sample.group,
        quantity=name + "_ms",
        measured=measured,
        predicted=said,
        low=said * math.exp(low),
        high=said * math.exp(high),
        abstained="",
    )


def _provenance(known: Sequence[Sample], source: str, judged: dict[str, Any]) -> dict[str, Any]:
    dates = sorted(sample.date for sample in known if sample.date)
    return {
        "source": source,
        "runs": len(known),
        "configurations": len({sample.group for sample in known}),
        "measured": {"from": dates[0], "to": dates[-1]} if dates else {},
        "errors": judged,
    }


def written(table: Mapping[str, Any]) -> str:
    """The table as JSON: one value, band or neighbour a line."""
    parts = []
    for key, value in table.items():
        if key == "values":
            lines = [f"{json.dumps(name)}: {json.dumps(row)}" for name, row in value.items()]
            parts.append('"values": {\n' + ",\n".join(lines) + "\n}")
        elif key == "neighbours":
            head = {name: item for name, item in value.items() if name != "rows"}
            lines = [json.dumps(row) for row in value["rows"]]
            body = json.dumps(head)[1:-1] + ', "rows": [\n' + ",\n".join(lines) + "\n]"
            parts.append('"neighbours": {' + body + "}")
        else:
            parts.append(f"{json.dumps(key)}: {json.dumps(value, indent=1)}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


def edge_calibrated(rows: Iterable[Mapping[str, object]], source: str) -> dict[str, Any] | str:
    """The table of `edge.json` fitted to published points, or why there is none."""
    from servec.compiler.predict.calibration.edge_fit import decodes, edge_table
    from servec.compiler.predict.calibration.point import read_point

    points = [read_point(row) for row in rows]
    usable = len(decodes(points))
    if usable < FEWEST:
        return f"{usable} decode speeds of llama.cpp or MLX can be predicted; {FEWEST} are needed"
    return edge_table(points, source)


def main(path: str, source: str) -> None:
    """Write the package's own table from the CSV file (runs) or JSON file (points) at `path`."""
    with open(path, encoding="utf-8", newline="") as file:
        if path.endswith(".json"):
            name, made = "edge.json", edge_calibrated(json.load(file), source)
        else:
            name, made = "parameters.json", calibrated(list(csv.DictReader(file)), source)
    if isinstance(made, str):
        raise SystemExit(made)
    text = written(made) if name == "parameters.json" else json.dumps(made, indent=1) + "\n"
    with open(join(dirname(__file__), name), "w", encoding="utf-8") as out:
        out.write(text)


if __name__ == "__main__":
    import sys

    main(sys.argv[1], " ".join(sys.argv[2:]) or "not stated")
