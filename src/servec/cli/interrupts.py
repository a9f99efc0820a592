"""Turns the signals that ask a program to end into the interrupt that Ctrl-C is."""

from __future__ import annotations

import signal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class interrupts:
    """Context: inside, SIGTERM and SIGHUP raise `KeyboardInterrupt`, so that what was started is
    stopped. A second one while that goes on changes nothing. Elsewhere than in the main thread
    nothing is changed."""

    def __enter__(self) -> None:
        """Begin."""
        self._before: dict[int, Any] = {}
        self._came = False
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            try:
                self._before[number] = signal.signal(number, self._raise)
            except ValueError:
                return

    def _raise(self, *_: object) -> None:
        if not self._came:
            self._came = True
            raise KeyboardInterrupt

    def __exit__(self, *_: object) -> None:
        """As before."""
        for number, handler in self._before.items():
            signal.signal(number, handler)
