"""What became of a step."""

from __future__ import annotations

from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal, Protocol

    from servec.compiler.steps.node import Node

    State = Literal["due", "done", "skipped", "failed", "not_run"]


@record
class Outcome:
    """A step's end. `due` (of a dry run): it would run; `skipped`: its product is there already;
    `not_run`: the run ended before it. `why`: one line where it failed."""

    name: str
    state: State
    seconds: float = 0.0
    status: int | None = None
    why: str = ""


if TYPE_CHECKING:

    class Watcher(Protocol):
        """Is told how a run goes on."""

        def begin(self, node: Node) -> None:
            """A step starts."""

        def tick(self, node: Node, size: int) -> None:
            """It is still at work; `size` bytes of its product are there."""

        def end(self, node: Node, outcome: Outcome) -> None:
            """It has ended, or a server is up."""

        def say(self, text: str) -> None:
            """Something else that people want to know."""

        def close(self) -> None:
            """The run is over."""
