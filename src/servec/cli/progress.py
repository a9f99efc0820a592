"""A sign of life while many specs are at work, on a terminal only."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from servec.cli.console import Console

MANY = 50


class busy:
    """Context: rich's spinner with `text` on stderr where people watch and `count` is large."""

    def __init__(self, console: Console, text: str, count: int) -> None:
        """Nothing is shown for few specs, with `-q`, or where stderr is no colour terminal."""
        self._shown: Any = None
        if count >= MANY and not console.quiet and console.err_color:
            from rich.console import Console as Rich

            self._shown = Rich(stderr=True).status(f"{text} {count} specs")

    def __enter__(self) -> None:
        """Show it."""
        if self._shown is not None:
            self._shown.start()

    def __exit__(self, *_: object) -> None:
        """Take it away."""
        if self._shown is not None:
            self._shown.stop()
