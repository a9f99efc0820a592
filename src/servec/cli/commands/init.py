"""Write a commented starter spec that compiles as it is. An existing file is never overwritten."""

from __future__ import annotations

from servec.cli.documents.small import InitDocument
from servec.cli.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from servec.cli.console import Console

USAGE = "[FILE]"
EXAMPLE = """
$ servec init chat.srv       # then: servec check chat.srv
$ servec init -              # on stdout
"""
FORMATS = ("text", "json")
EMPTY = "servec.init/1"


def register(parser: ArgumentParser) -> None:
    """The arguments of `init`."""
    parser.add_argument(
        "file", nargs="?", default="chat.srv", metavar="FILE", help="default: chat.srv"
    )


def run(args: Namespace, console: Console) -> int:
    """Write the starter, or print it for `-`."""
    from servec.cli.starter import starter

    if args.file == "-":
        if console.format == "text":
            console.out(starter("chat"))
        else:
            console.json(InitDocument())
        return 0
    try:
        with open(args.file, "x", encoding="utf-8", newline="\n") as file:
            file.write(starter(args.file))
    except FileExistsError as error:
        raise UsageError(f"{args.file} is there already and stays as it is") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise UsageError(f"cannot write {args.file}: {reason}") from error
    if console.format == "json":
        console.json(InitDocument(files=(args.file,)))
    else:
        console.err(f"wrote {args.file}; `servec check {args.file}` judges it\n")
    return 0
