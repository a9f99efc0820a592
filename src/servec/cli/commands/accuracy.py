"""Score predictions against a file of measurements.

The file is YAML or JSON in the form of the published memory reports: a list of entries with
`runtime`, `hardware`, `model`, `flags`, `observed` and `outcome`. What an entry does not name is
not guessed: the row abstains and says why. Errors are relative; a band that holds a measured value
counts for `in band`.
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
$ servec accuracy memory.yaml --format json     # every row with its prediction
"""
FORMATS = ("text", "json")
EMPTY = "servec.accuracy/1"


def register(parser: ArgumentParser) -> None:
    """The arguments of `accuracy`."""
    parser.add_argument("file", metavar="FILE", help="measurements, YAML or JSON")


def run(args: Namespace, console: Console) -> int:
    """Print the scores of a file."""
    from servec.cli.documents.accuracy import AccuracyDocument

    found = _scored(args.file)
    document = AccuracyDocument(
        quantities=found["quantities"],
        groups=found["groups"],
        fit=found["fit"],
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

    data = _parsed(path)
    if is_memory_file(data):
        return accuracy(data).document()
    raise UsageError(f"{path} is no file of measurements: entries with `observed` or `outcome`")


def _parsed(path: str) -> Any:
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
