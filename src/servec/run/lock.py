"""One run at a time: a lock that goes with the processes that hold it."""

from __future__ import annotations

import fcntl
import os
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

STEP = 0.2


class Lock:
    """An exclusive lock on a file. Children that inherit the descriptor hold it too, so that what
    a killed run has started is gone before the next one begins."""

    def __init__(self, path: str) -> None:
        """Not held yet."""
        self._path = path
        self.descriptor = -1

    def take(self, seconds: float, waiting: Callable[[], None]) -> bool:
        """Hold it; False where it was not free for `seconds`. `waiting` is called once if so."""
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o666)
        end = time.monotonic() + seconds
        told = False
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                if time.monotonic() >= end:
                    os.close(handle)
                    return False
                if not told:
                    waiting()
                told = True
                time.sleep(STEP)
            else:
                self.descriptor = handle
                return True

    def release(self) -> None:
        """Let others have it, as soon as no child holds it."""
        if self.descriptor >= 0:
            os.close(self.descriptor)
            self.descriptor = -1
