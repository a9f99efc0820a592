"""A language server on stdio: findings, completion, hover, definitions, fixes and formatting.

An editor starts it; it speaks the Language Server Protocol on standard input and output. It reads
what is open in the editor in place of the files on disk and writes nothing.
"""

from __future__ import annotations

from servec.cli.errors import FINE, MissingTool

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from servec.cli.console import Console

USAGE = ""
EXAMPLE = """
$ servec lsp      # in the editor's settings, as the server for *.srv files
"""
FORMATS = ("text", "json")
EMPTY = "servec.error/1"


def register(parser: ArgumentParser) -> None:
    """`lsp` has no arguments of its own; `--stdio`, which many editors add, is taken."""
    parser.add_argument("--stdio", action="store_true", help="the only way it is spoken to")


def run(args: Namespace, console: Console) -> int:
    """Serve until the editor says that it is over."""
    try:
        import pygls.lsp.server  # noqa: F401
    except ImportError as error:
        raise MissingTool("pygls is not installed: pip install 'servec[lsp]'") from error
    from servec.cli.lsp.server import server

    server().start_io()
    return FINE
