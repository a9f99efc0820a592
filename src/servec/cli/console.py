"""Where a command prints: text collected for stdout and stderr, written once, as UTF-8 with LF."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TextIO


def _wants_color(choice: str, stream: TextIO | None) -> bool:
    if choice != "auto":
        return choice == "always"
    env = os.environ
    plain = env.get("NO_COLOR") or env.get("TERM") == "dumb"
    return not plain and stream is not None and stream.isatty()


def _write(stream: TextIO, text: str) -> None:
    data = text.encode("utf-8", "backslashreplace")
    raw = getattr(stream, "buffer", None)
    if raw is None:  # a stream that holds text only, as some embedders put in place
        stream.write(data.decode())
    else:
        stream.flush()
        raw.write(data)
    stream.flush()


class Console:
    """The two streams of a command and how they are to look.

    `out` is data, `err` is for people and silent with `-q`. What is printed stays in memory until
    `flush`, so that a command that fails half-way leaves no half document on stdout.
    """

    def __init__(
        self, format: str = "text", color: str = "auto", quiet: bool = False, verbose: bool = False
    ) -> None:
        """`color` is `auto`, `always` or `never`; `auto` asks the terminal and `NO_COLOR`."""
        self.format = format
        self.quiet = quiet
        self.verbose = verbose
        self._choice = color
        self._out: list[str] = []
        self._err: list[str] = []

    def adopt(self, format: str, color: str, quiet: bool, verbose: bool) -> None:
        """Take over what the parsed command line says."""
        self.format, self._choice = format, color
        self.quiet, self.verbose = quiet, verbose

    @property
    def color(self) -> bool:
        """Whether text on stdout may be coloured."""
        return _wants_color(self._choice, sys.stdout)

    @property
    def err_color(self) -> bool:
        """Whether text on stderr may be coloured."""
        return _wants_color(self._choice, sys.stderr)

    def out(self, text: str) -> None:
        """Add `text` to stdout, as it is."""
        self._out.append(text)

    def err(self, text: str) -> None:
        """Add `text` to stderr unless `-q` was given."""
        if not self.quiet:
            self._err.append(text)

    def now(self, text: str) -> None:
        """Write `text` to stderr at once unless `-q` was given: how long work goes on."""
        if not self.quiet:
            _deliver(sys.stderr, text)

    def must(self, text: str) -> None:
        """Add `text` to stderr, `-q` or not: errors."""
        self._err.append(text)

    def json(self, document: Any) -> None:
        """Make `document`, a mapping or a record, the one JSON document on stdout."""
        from servec.cli.documents.plain import plain
        from servec.cli.render.json_text import json_text

        self._out = [json_text(plain(document)), "\n"]

    def drop(self) -> None:
        """Forget what was to be written to stdout."""
        self._out = []

    def flush(self) -> bool:
        """Write what was collected, stderr first; False where stdout did not take it.

        A reader that has gone away, or a stream that was closed before the start, is no error.
        """
        err, out = "".join(self._err), "".join(self._out)
        self._err, self._out = [], []
        _deliver(sys.stderr, err)
        trouble = _deliver(sys.stdout, out)
        if trouble:
            _deliver(sys.stderr, f"servec: cannot write to stdout: {trouble}\n")
        return not trouble


def _deliver(stream: TextIO | None, text: str) -> str:
    """Write `text`; what kept it from being written (a full disk), "" for nothing."""
    if not text or stream is None:
        return ""
    try:
        _write(stream, text)
    except BrokenPipeError:
        _mute(stream)
    except OSError as error:
        _mute(stream)
        return error.strerror or str(error)
    return ""


def _mute(stream: TextIO) -> None:
    """Point a broken stream at nothing, else Python complains again when it exits."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
    except (OSError, ValueError):
        return
