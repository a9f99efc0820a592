"""The entry point: finds the command, calls it, and turns every outcome into an exit code.

`--version` and the top-level `--help` are answered here, before anything else is imported.
"""

from __future__ import annotations

import gc
import os
import sys

from servec import __version__
from servec.cli.commands import COMMANDS
from servec.cli.finder import install

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import NoReturn

INTERRUPTED = 130
UNWRITTEN = 2


def program() -> NoReturn:
    """The process `servec`: runs its command line and ends with the exit code.

    Three things make a short run shorter by a quarter: `servec.cli.finder` finds modules, the
    collector of cycles waits until there is something to collect, and at the end the process is
    left without taking its modules apart.
    Where a thread may still run, it ends as any Python program does.
    """
    gc.set_threshold(100_000, 20, 100)
    install()
    code = main()
    if "threading" in sys.modules:
        sys.exit(code)
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()
    os._exit(code)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line `argv` (default: that of the process) and return the exit code."""
    words = list(sys.argv[1:] if argv is None else argv)
    first = words[0] if words else ""
    if first in ("--version", "-V"):
        return _print(f"servec {__version__}\n")
    if first in ("--help", "-h") or words == ["help"]:
        return _print(_help())
    from servec.cli.call import call

    try:
        return call(words, _help)
    except KeyboardInterrupt:
        return INTERRUPTED


def _print(text: str) -> int:
    from servec.cli.console import Console

    console = Console()
    console.out(text)
    return 0 if console.flush() else UNWRITTEN


def _help() -> str:
    width = max(map(len, COMMANDS))
    rows = "\n".join(f"  {name:<{width}}  {what}" for name, what in COMMANDS.items())
    return f"""servec {__version__}: a compiler for LLM serving

usage: servec COMMAND [OPTIONS]

commands:
{rows}

every command takes:
  --format text|json  how to print; sarif and github too where findings are reported
  --color WHEN        auto, always or never; NO_COLOR is honoured
  -q, -v              print less, print more
  --version, --help   `servec COMMAND --help` shows a worked example

example:
  $ servec init chat.srv
  $ servec check chat.srv
  $ servec compile chat.srv --target auto

exit codes: 0 fine, 1 the spec has errors, 2 wrong usage or an unreadable file,
3 an outside tool is missing, 70 a bug in servec
"""


if __name__ == "__main__":
    program()
