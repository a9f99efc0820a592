"""The parser of one command: its own arguments and those that every command has."""

from __future__ import annotations

import argparse

from servec.cli.commands import COMMANDS
from servec.cli.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NoReturn


class Parser(argparse.ArgumentParser):
    """An argument parser that raises `UsageError` and never prints or exits."""

    def error(self, message: str) -> NoReturn:
        """Report wrong usage to `main`."""
        raise UsageError(f"{message}; `{self.prog} --help` shows the usage")


def parser_of(name: str, module: Any) -> Parser:
    """The whole parser of a command, from its module (see `servec.cli.commands`)."""
    usage = " ".join(f"servec {name} {module.USAGE}".split())
    parser = Parser(
        prog=f"servec {name}",
        usage=f"{usage} [--format {'|'.join(module.FORMATS)}] [--color WHEN] [-q] [-v]",
        description=(module.__doc__ or COMMANDS.get(name, "")).strip(),
        epilog=f"example:\n{_indented(module.EXAMPLE)}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        add_help=False,
        allow_abbrev=False,
    )
    module.register(parser)
    common = parser.add_argument_group("every command")
    common.add_argument("--format", choices=module.FORMATS, default="text", help="how to print")
    common.add_argument(
        "--color", choices=("auto", "always", "never"), default="auto", help="colour of text"
    )
    common.add_argument("-q", "--quiet", action="store_true", help="print errors only")
    common.add_argument("-v", "--verbose", action="store_true", help="print more")
    common.add_argument("--version", action="store_true", help="print the version of servec")
    common.add_argument("-h", "--help", action="store_true", help="print this")
    return parser


def _indented(text: str) -> str:
    return "\n".join(f"  {line}".rstrip() for line in text.strip().splitlines())


def parse(name: str, module: Any, words: list[str]) -> argparse.Namespace:
    """The arguments of a call; `UsageError` where they are wrong."""
    parser = parser_of(name, module)
    rest: list[str] = []
    if getattr(module, "REST", False) and "--" in words:
        at = words.index("--")
        words, rest = words[:at], words[at + 1 :]
    args = parser.parse_intermixed_args(words)
    args.rest = rest
    return args
