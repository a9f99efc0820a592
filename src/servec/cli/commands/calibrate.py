"""Fit the predictor to measurements of one's own.

A CSV file of serving runs (the columns that `accuracy` reads) gives a parameter table that starts
from the one in use and moves as far as the runs say. Written as `servec.parameters.json` into the
project's root, every command predicts with it. Published speed points of llama.cpp and MLX (YAML or
JSON) give the table of edge devices.
"""

from __future__ import annotations

from servec.cli.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from typing import Any

    from servec.cli.console import Console

USAGE = "FILE [--fresh] [--out FILE]"
EXAMPLE = """
$ servec calibrate runs.csv                                  # the table, on stdout
$ servec calibrate runs.csv --out servec.parameters.json     # and from now on it is used
$ servec calibrate runs.csv --fresh                          # from these runs alone
"""
FORMATS = ("text", "json")
EMPTY = "servec.calibrate/1"


def register(parser: ArgumentParser) -> None:
    """The arguments of `calibrate`."""
    parser.add_argument("file", metavar="FILE", help="measurements, CSV, YAML or JSON")
    parser.add_argument("--fresh", action="store_true", help="start from no earlier measurements")
    parser.add_argument("--out", default="", metavar="FILE", help="where the table is written")


def run(args: Namespace, console: Console) -> int:
    """Fit, say how the errors changed, and print or write the table."""
    kind, table, text, errors = _fitted(args)
    if args.out:
        _write(args.out, text)
    if console.format == "json":
        from servec.cli.documents.calibrate import CalibrateDocument

        before, after = errors
        console.json(CalibrateDocument(kind=kind, table=table, before=before, after=after))
        return 0
    for name, score in errors[1].items():
        old = errors[0].get(name, {}).get("median_error")
        new = score.get("median_error")
        if old is not None and new is not None:
            console.err(f"{name}: median error {100 * old:.1f} % before, {100 * new:.1f} % after\n")
    if not args.out:
        console.out(text)
    return 0


def _fitted(args: Namespace) -> tuple[Any, dict[str, Any], str, tuple[Any, Any]]:
    from servec.cli.commands.accuracy import parsed, table_rows
    from servec.compiler.predict.accuracy import is_points_file, is_serving_file

    if args.file.lower().endswith(".csv"):
        rows = table_rows(args.file)
        if not rows or not is_serving_file(rows[0]):
            raise UsageError(f"{args.file} is no file of serving runs: it lacks `silicon_tpot_ms`")
        return _serving(args, rows)
    data = parsed(args.file)
    if not is_points_file(data):
        raise UsageError(f"{args.file} is no file of speed points: a list with `metric`, `value`")
    return _edge(args, data)


def _serving(args: Namespace, rows: list[dict[str, str]]) -> tuple[Any, Any, str, tuple[Any, Any]]:
    from servec.compiler.predict.accuracy import score_runs
    from servec.compiler.predict.calibrate import calibrated, written
    from servec.compiler.predict.parameters import table, use

    start = None if args.fresh else table().data
    before = score_runs(rows)["quantities"]
    made = calibrated(rows, args.file, start)
    if isinstance(made, str):
        raise UsageError(f"{args.file}: {made}")
    use(made)
    after = score_runs(rows)["quantities"]
    use(None)
    return "serving", made, written(made), (before, after)


def _edge(args: Namespace, data: list[dict[str, Any]]) -> tuple[Any, Any, str, tuple[Any, Any]]:
    import json

    from servec.compiler.predict.calibrate import edge_calibrated

    made = edge_calibrated(data, args.file)
    if isinstance(made, str):
        raise UsageError(f"{args.file}: {made}")
    return "edge", made, json.dumps(made, indent=1) + "\n", ({}, {})


def _write(path: str, text: str) -> None:
    """Replace the file at once, or leave it as it is."""
    import os

    try:
        with open(f"{path}.part", "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        os.replace(f"{path}.part", path)
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror}") from None
