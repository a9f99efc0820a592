"""How far a load test has come, on stderr while it goes on."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from servec.cli.console import Console


class progress:
    """Context: rich's bar on a terminal, a line at the start elsewhere; nothing with `-q`."""

    def __init__(self, console: Console, name: str) -> None:
        """For the test of one deployment."""
        self._console, self._name = console, name
        self._bar: Any = None
        self._task: Any = None

    def __enter__(self) -> Callable[[int, int], None]:
        """Begin; what is returned is told how many answers are there, of how many."""
        self._console.now(f"loading {self._name}\n")
        if not self._console.quiet and self._console.err_color and sys.stderr.isatty():
            from rich.console import Console as Rich
            from rich.progress import Progress

            self._bar = Progress(console=Rich(stderr=True), transient=True)
            self._task = self._bar.add_task("requests", total=None)
            self._bar.start()
        return self._tick

    def _tick(self, done: int, total: int) -> None:
        if self._bar is not None:
            self._bar.update(self._task, completed=done, total=total)

    def __exit__(self, *_: object) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.stop()
