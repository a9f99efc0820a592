"""Print the JSON Schemas (2020-12) of the documents that `--format json` prints."""

from __future__ import annotations

from servec.cli.documents import DOCUMENTS
from servec.cli.documents.small import SchemaDocument
from servec.cli.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from servec.cli.console import Console

USAGE = "[NAME]"
EXAMPLE = """
$ servec schema                     # all of them, by name
$ servec schema servec.check/1      # one
"""
FORMATS = ("text", "json")
EMPTY = "servec.schema/1"


def register(parser: ArgumentParser) -> None:
    """The arguments of `schema`."""
    parser.add_argument("name", nargs="?", metavar="NAME", help="a document, as its `schema` says")


def run(args: Namespace, console: Console) -> int:
    """Print the schemas; as text too they are JSON."""
    from servec.cli.documents.schema import schema_of

    if args.name and args.name not in DOCUMENTS:
        raise UsageError(f"there is no document {args.name!r}; there are {', '.join(DOCUMENTS)}")
    schemas = {name: schema_of(name) for name in ([args.name] if args.name else DOCUMENTS)}
    if console.format == "json":
        console.json(SchemaDocument(schemas=schemas))
    else:
        console.json(schemas[args.name] if args.name else schemas)
    return 0
