"""Score predictions against a file of measurements.

The file is YAML or JSON in the form of the published memory reports (a list of entries with
`runtime`, `hardware`, `model`, `flags`, `observed` and `outcome`) or speed points (with `metric`
and `value`), or CSV with one serving run a line (`backend`, `model_path`, `system`, `isl`, `osl`,
`concurrency`, `silicon_ttft_ms`, `silicon_tpot_ms`, ...; rows with `usable` = 1). What an entry
does not name is not guessed: the row abstains and says why. Errors are relative; a band that holds
a measured value counts for `in band`. Of serving runs a second table says how often a verdict on a
latency bound would be right: at bounds that people write (5 to 100 ms per token, 0.1 to 10 s to the
first one), and at bounds from half to twice the measured mean. `sure`: of the verdicts given;
`nearer`: of all bounds, by the predicted value alone; `right`: of all, with `unsure` as wrong.
"""

from __future__ import annotations

from servec.cli.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from typing import Any

    from servec.cli.console import Console

USAGE = "FILE"
EXAMPLE = """
$ servec accuracy memory.yaml                   # a table for each measured quantity
$ servec accuracy runs.csv                      # first token and tokens of serving runs
$ servec accuracy memory.yaml --format json     # every row with its prediction
"""
FORMATS = ("text", "json")
EMPTY = "servec.accuracy/1"


def register(parser: ArgumentParser) -> None:
    """The arguments of `accuracy`."""
    parser.add_argument("file", metavar="FILE", help="measurements, YAML, JSON or CSV")


def run(args: Namespace, console: Console) -> int:
    """Print the scores of a file."""
    from servec.cli.documents.accuracy import AccuracyDocument

    found = _scored(args.file)
    document = AccuracyDocument(
        quantities=found["quantities"],
        groups=found["groups"],
        fit=found["fit"],
        promises=found.get("promises", {}),
        rows=tuple(found["rows"]),
    )
    if console.format == "json":
        console.json(document)
    else:
        from servec.cli.render.accuracy import accuracy_page

        console.out(accuracy_page(document, console.color))
    return 0


def _scored(path: str) -> dict[str, Any]:
    """The scores by the form of the file."""
    from servec.compiler.memory.accuracy import accuracy, is_memory_file
    from servec.compiler.predict.accuracy import (
        is_points_file,
        is_serving_file,
        score_points,
        score_runs,
    )

    if path.lower().endswith(".csv"):
        rows = table_rows(path)
        if rows and is_serving_file(rows[0]):
            return score_runs(rows)
        raise UsageError(
            f"{path} is no file of serving runs: it lacks `silicon_tpot_ms` and others"
        )
    data = parsed(path)
    if is_memory_file(data):
        return accuracy(data).document()
    if is_points_file(data):
        return score_points(data)
    raise UsageError(f"{path} is no file of measurements: entries with `observed` or `metric`")


def table_rows(path: str) -> list[dict[str, str]]:
    """The lines of a CSV file, by the names of its first line."""
    import csv
    import io

    from servec.cli.sources import DiskSources

    sources = DiskSources()
    sources.need(path)
    text = (sources.read(path) or b"").decode("utf-8", "replace")
    try:
        found = list(csv.DictReader(io.StringIO(text, newline="")))
    except csv.Error as error:
        raise UsageError(f"cannot read {path} as CSV: {error}") from None
    return [
        {k: v for k, v in row.items() if isinstance(k, str) and isinstance(v, str)} for row in found
    ]


def parsed(path: str) -> Any:
    """The data of a YAML or JSON file."""
    import yaml

    from servec.cli.sources import DiskSources

    sources = DiskSources()
    sources.need(path)
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return yaml.load(sources.read(path) or b"", loader)
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError, ValueError) as error:
        first = str(error).partition("\n")[0]
        raise UsageError(f"cannot read {path} as YAML: {first}") from None
