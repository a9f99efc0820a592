"""The specs that a command line names."""

from __future__ import annotations

import sys

from servec.cli.errors import UsageError
from servec.cli.sources import LIMIT, STDIN, DiskSources, slashed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


def given(words: Sequence[str]) -> tuple[DiskSources, tuple[str, ...]]:
    """The files behind SPEC…, read, each once, in order; `-` is standard input, a folder its specs.

    `UsageError` names every one that cannot be read.
    """
    sources = DiskSources()
    names: list[str] = []
    wrong: list[str] = []
    for word in words:
        if word == "-" and STDIN in names:
            continue
        if word == "-":
            sources.put(STDIN, read_stdin())
            names.append(STDIN)
            continue
        for name in map(slashed, _files(word)):
            try:
                sources.need(name)
            except UsageError as error:
                wrong.append(str(error))
            names.append(name)
    if wrong:
        raise UsageError("; ".join(wrong) + _line(words))
    return sources, tuple(dict.fromkeys(names))


def _line(words: Sequence[str]) -> str:
    """Where a launch line is judged, if the words are one."""
    from servec.targets.shared.importing.programs.program import command

    if not command(list(words), {}).runtime:
        return ""
    return "; a command is judged by `servec import --check -- ...`"


def _files(word: str) -> tuple[str, ...]:
    """The file, or the specs of the folder and of those below it."""
    import os

    if not os.path.isdir(word):
        return (word,)
    from servec.cli.upgrading import spec_files

    return spec_files((word,))


def read_stdin() -> bytes:
    """Standard input as bytes; `UsageError` where there is none or it is too long."""
    if sys.stdin is None:
        raise UsageError("cannot read standard input: it is closed")
    raw = getattr(sys.stdin, "buffer", None)
    try:
        data: bytes = raw.read(LIMIT + 1) if raw else sys.stdin.read().encode()
    except OSError as error:
        raise UsageError(f"cannot read standard input: {error.strerror}") from error
    if len(data) > LIMIT:
        raise UsageError(f"standard input is longer than {LIMIT // 1024 // 1024} MiB")
    return data
