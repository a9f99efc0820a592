"""Programs in Python that a shell script runs: files that it names, `-c`, its own lines."""

from __future__ import annotations

import re
from posixpath import normpath

from servec.targets.shared.importing.programs.program import python_program
from servec.targets.shared.importing.python.known import calls

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from servec.targets.shared.importing.programs.program import Command

LINES = "<program>"
"""What a program is called that stands in no file of its own."""
IMPORT = re.compile(r"^\s*(?:from|import) +(\w+)", re.MULTILINE)


def within(
    words: Sequence[str], env: Mapping[str, str], files: Mapping[str, str]
) -> tuple[Command, ...]:
    """The launches of the program that a line runs, none where it is not at hand."""
    found = python_program(words)
    if found is None:
        return ()
    text = found.text or files.get(normpath(found.file), "")
    return read(text, found.file or LINES, {**env, **found.env}, found.words)


def on_its_lines(text: str, env: Mapping[str, str]) -> tuple[Command, ...]:
    """The launches of a program that a script hands to an interpreter as lines of its own."""
    modules = {path.partition(".")[0] for item in calls() for path in item.row.get("paths", ())}
    return read(text, LINES, env, ()) if modules & set(IMPORT.findall(text)) else ()


def read(text: str, name: str, env: Mapping[str, str], words: Sequence[str]) -> tuple[Command, ...]:
    """The launches of a text that may be no Python at all."""
    from servec.targets.shared.importing.python.launches import python_commands

    if not text:
        return ()
    try:
        return python_commands(text, name, env, words=words)
    except ValueError:
        return ()
