"""The collector of cycles, asked less often while many specs are compiled."""

from __future__ import annotations

import gc

OFTEN = 50_000
"""New objects between two looks: what is compiled is kept by the caller, and none of it is a cycle.
Python's own 700 costs a twelfth of the time of a thousand specs."""


class Rarely:
    """A context in which the collector looks rarely; behind it, as often as before."""

    def __enter__(self) -> None:
        """Raise the threshold, unless it is higher, or the collector is off."""
        self._before = gc.get_threshold()
        if 0 < self._before[0] < OFTEN:
            gc.set_threshold(OFTEN, *self._before[1:])

    def __exit__(self, *_: object) -> None:
        """Put the threshold back."""
        gc.set_threshold(*self._before)
