"""The parser of one command: its own arguments and those that every command has."""

from __future__ import annotations

import argparse

from servec.cli.commands import COMMANDS
from servec.cli.common import add_common
from servec.cli.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NoReturn


class Parser(argparse.ArgumentParser):
    """An argument parser that raises `UsageError` and never prints or exits."""

    def error(self, message: str) -> NoReturn:
        """Report wrong usage to `main`."""
        words = message.partition("unrecognized arguments: ")[2]
        near = self._near(words) or self._meant(words)
        raise UsageError(f"{message}{near}; `{self.prog} --help` shows the usage")

    def _meant(self, words: str) -> str:
        """What a call of `import` means by the words that are none of its arguments."""
        if not words or not self.prog.endswith(" import"):
            return ""
        from servec.cli.unstarted import meant

        found = meant(words.split())
        return f": {found}" if found else ""

    def _near(self, words: str) -> str:
        """The option that was probably meant by the first of the words not known."""
        from difflib import get_close_matches

        word = words.partition(" ")[0].partition("=")[0]
        if not word.startswith("-"):
            return ""
        known = [name for name in self._option_string_actions if name.startswith("--")]
        short = [name for name in known if len(word) == 2 and name.startswith(f"-{word}")]
        close = short or get_close_matches(word, known, 1, 0.6)
        return f": did you mean `{close[0]}`?" if close else ""


def _formatter(prog: str) -> argparse.HelpFormatter:
    """Of one width everywhere, and without asking the terminal for each argument."""
    return argparse.RawDescriptionHelpFormatter(prog, width=100)


def parser_of(name: str, module: Any) -> Parser:
    """The whole parser of a command, from its module (see `servec.cli.commands`)."""
    usage = " ".join(f"servec {name} {module.USAGE}".split())
    parser = Parser(
        prog=f"servec {name}",
        usage=f"{usage} [--format {'|'.join(module.FORMATS)}] [--color WHEN] [-q] [-v]",
        description=(module.__doc__ or COMMANDS.get(name, "")).strip(),
        epilog=f"example:\n{_indented(module.EXAMPLE)}",
        formatter_class=_formatter,
        add_help=False,
        allow_abbrev=False,
    )
    module.register(parser)
    add_common(parser.add_argument_group("every command"), module.FORMATS)
    return parser


def _indented(text: str) -> str:
    return "\n".join(f"  {line}".rstrip() for line in text.strip().splitlines())


def parse(name: str, module: Any, words: list[str]) -> argparse.Namespace:
    """The arguments of a call; `UsageError` where they are wrong."""
    return parser_of(name, module).parse_intermixed_args(words)
