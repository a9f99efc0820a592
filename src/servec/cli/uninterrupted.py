"""Holds Ctrl-C back for the moment in which files are renamed."""

from __future__ import annotations

import signal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class uninterrupted:
    """Context: an interrupt that arrives inside is raised when it ends.

    Only the main thread may set signal handlers; elsewhere nothing is held back.
    """

    def __enter__(self) -> None:
        """Begin to hold interrupts back."""
        self._came = False
        self._before: Any = None
        try:
            self._before = signal.signal(signal.SIGINT, self._note)
        except ValueError:
            return

    def _note(self, *_: object) -> None:
        self._came = True

    def __exit__(self, *_: object) -> None:
        """Let interrupts through again, and raise the one that came."""
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)
        if self._came:
            raise KeyboardInterrupt
