"""How a run goes on, on stderr while it does: bars on a terminal, else a line for each step."""

from __future__ import annotations

import sys
import time

from servec.cli.render.sizes import bytes_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from servec.cli.console import Console
    from servec.compiler.steps.node import Node
    from servec.run.outcome import Outcome, Watcher

WORDS = {"done": "done", "skipped": "is there", "failed": "failed", "not_run": "not run"}


def watcher(console: Console, count: int) -> Watcher:
    """What shows a run of `count` steps; nothing with `-q`."""
    if console.quiet:
        return Silent()
    return Bars(count) if console.err_color and sys.stderr.isatty() else Lines(console, count)


def ended(node: Node, outcome: Outcome) -> str:
    """A line on a step that has ended."""
    word = "up" if node.serves and outcome.state == "done" else WORDS[outcome.state]
    took = f" in {outcome.seconds:.1f} s" if outcome.state == "done" else ""
    return f"{node.name}: {word}{took}{f': {outcome.why}' if outcome.why else ''}"


class Silent:
    """Shows nothing."""

    def begin(self, node: Node) -> None:
        """Nothing."""

    def tick(self, node: Node, size: int) -> None:
        """Nothing."""

    def end(self, node: Node, outcome: Outcome) -> None:
        """Nothing."""

    def say(self, text: str) -> None:
        """Nothing."""

    def close(self) -> None:
        """Nothing."""


class Lines(Silent):
    """A line where a step begins and one where it ends."""

    def __init__(self, console: Console, count: int) -> None:
        """For `count` steps."""
        self._console, self._count = console, count
        self._numbers: dict[str, int] = {}

    def begin(self, node: Node) -> None:
        """Say what is begun."""
        self._console.now(f"{self._place(node)} {node.name}\n")

    def end(self, node: Node, outcome: Outcome) -> None:
        """Say how it ended."""
        self._console.now(f"{self._place(node)} {ended(node, outcome)}\n")

    def _place(self, node: Node) -> str:
        """Which of the steps it is, by the order in which they begin: some go on side by side."""
        number = self._numbers.setdefault(node.name, len(self._numbers) + 1)
        return f"[{number}/{self._count}]"

    def say(self, text: str) -> None:
        """Say it."""
        self._console.now(f"{text}\n")


class Bars(Silent):
    """A bar over all steps and a line with a spinner for those at work, by rich."""

    def __init__(self, count: int) -> None:
        """For `count` steps."""
        from rich.console import Console as Rich
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            SpinnerColumn,
            TextColumn,
            TimeElapsedColumn,
        )

        text = TextColumn("{task.description}", markup=False)
        columns = (SpinnerColumn(), text, BarColumn(24), MofNCompleteColumn(), TimeElapsedColumn())
        self._bars: Any = Progress(*columns, console=Rich(stderr=True), transient=True)
        self._task = self._bars.add_task("", total=count)
        self._began: dict[str, float] = {}
        self._shown: dict[str, str] = {}
        self._bars.start()

    def begin(self, node: Node) -> None:
        """Name it beside the bar."""
        self._began[node.name] = time.monotonic()
        self._show(node.name, node.name)

    def tick(self, node: Node, size: int) -> None:
        """How long it is at work and how much is there."""
        there = f", {bytes_text(size)}" if size else ""
        spent = time.monotonic() - self._began[node.name]
        self._show(node.name, f"{node.name} ({spent:.0f} s{there})")

    def end(self, node: Node, outcome: Outcome) -> None:
        """A line above the bar, which moves on."""
        self.say(ended(node, outcome))
        self._shown.pop(node.name, None)
        self._bars.update(self._task, advance=1, description=", ".join(self._shown.values()))

    def _show(self, name: str, text: str) -> None:
        self._shown[name] = text
        self._bars.update(self._task, description=", ".join(self._shown.values()))

    def say(self, text: str) -> None:
        """A line above the bar."""
        self._bars.console.print(text, markup=False, highlight=False)

    def close(self) -> None:
        """Take the bar away."""
        self._bars.stop()
