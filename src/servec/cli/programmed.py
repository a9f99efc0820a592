"""Launches that are written in Python, in a program or a notebook."""

from __future__ import annotations

import re

from servec.cli.errors import UsageError
from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Mapping, Sequence

    from servec.targets.shared.importing.programs.program import Command, Program

IMPORT = re.compile(r"^\s*(?:>>> )?(?:from [\w.]+ import |import [\w.]+)", re.MULTILINE)
CALL = re.compile(r"^\s*(?:>>> )?(?:\w+ *= *)?[\w.]+\($|^\s*(?:\w+ *= *)[\w.]+\(", re.MULTILINE)
SHELL = re.compile(r"^\s*(?:export |exec |set -|docker |python3? |vllm |\w+=\S*$)", re.MULTILINE)


@record
class Asked:
    """What tells how a program is to be read: the runtime and version asked for, the words of its
    line, and the devices of the machine, 0 where they are not stated."""

    runtime: str = ""
    version: str = ""
    words: tuple[str, ...] = ()
    devices: int = 0


def is_program(text: str, name: str) -> bool:
    """Whether a file holds Python: by its ending, or one without by what stands in it."""
    if name.endswith((".py", ".ipynb", ".pyw")):
        return True
    if "." in name.rpartition("/")[2] or SHELL.search(text):
        return False
    if text.startswith("#!") and "python" not in text[:80]:
        return False
    return bool(IMPORT.search(text) or CALL.search(text))


def program_commands(
    text: str, path: str, env: Mapping[str, str], asked: Asked, lenient: bool = False
) -> tuple[Command, ...]:
    """The launches of a program, in order; nothing of it is run. `lenient`: what is no Python is
    left out."""
    from servec.targets.shared.importing.python.launches import python_commands

    try:
        return python_commands(
            text, path, env, (asked.runtime, asked.version), asked.words, asked.devices
        )
    except ValueError as error:
        if lenient:
            return ()
        raise UsageError(f"cannot read {path} as Python: {error}") from error


def asked_of(args: Namespace, words: Sequence[str] = ()) -> Asked:
    """What of a call tells how a program is to be read."""
    from servec.cli.given_hardware import hardware_of
    from servec.cli.imported import named

    there = hardware_of(args.hardware, judging=True).partition(" x ")[2] if args.hardware else ""
    return Asked(*named(args.runtime), tuple(words), int(there or 0))


def program_of(program: Program, args: Namespace, env: Mapping[str, str]) -> tuple[Command, ...]:
    """The launches of the program that a command has an interpreter run; from here on its file is
    the script of the call, which findings point into."""
    from servec.cli.given_text import script_text
    from servec.cli.sources import DiskSources

    path = program.file
    if path and DiskSources().read(path) is None:
        raise UsageError(f"{path} is not here to be read: give it with --script, by its path")
    text = script_text(path) if path else program.text
    name = path or "<program>"
    found = program_commands(text, name, {**env, **program.env}, asked_of(args, program.words))
    if not found:
        raise UsageError(f"{name} starts no runtime that servec knows")
    args.script, args.rest = name, []
    return found
