"""One command under a guard: started, watched, ended with everything that it has started."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

from servec.run import guard

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Child:
    """A running command; its output goes to a log."""

    def __init__(
        self, argv: Sequence[str], log: str, cwd: str, env: Mapping[str, str], lock: int
    ) -> None:
        """Start `argv` in `cwd`. `lock`: the descriptor of a lock that it keeps held."""
        reading, self._alive = os.pipe()
        words = [sys.executable, "-I", "-S", guard.__file__, str(reading), str(lock), *argv]
        try:
            with open(log, "wb"):
                pass  # what an earlier run has said
            with open(log, "ab") as out:
                self._guard = subprocess.Popen(
                    words,
                    cwd=cwd,
                    env=dict(env),
                    stdin=subprocess.DEVNULL,
                    stdout=out,
                    stderr=out,
                    pass_fds=(reading, lock),
                    start_new_session=True,
                )
        finally:
            os.close(reading)

    def status(self) -> int | None:
        """The exit status, None while it runs."""
        return self._guard.poll()

    def wait(self, seconds: float) -> int | None:
        """The exit status if it ends within `seconds`, else None."""
        try:
            return self._guard.wait(seconds)
        except subprocess.TimeoutExpired:
            return None

    def end(self) -> None:
        """Tell it, and all it has started, to end; it does so by itself from here."""
        if self._alive >= 0:
            os.close(self._alive)
            self._alive = -1

    def stop(self) -> None:
        """End it and all it has started; back when it is gone."""
        self.end()
        if self.wait(guard.PATIENCE + 2) is None:
            os.killpg(self._guard.pid, signal.SIGKILL)
            self._guard.wait()
