"""Runs one command in a session of its own, and ends all of it when servec is gone.

A program of its own, run by its path: `guard.py ALIVE KEPT COMMAND...`. ALIVE is the reading end of
a pipe that only servec can write: it closes when servec says so, and when servec is killed. KEPT is
the descriptor of servec's lock, which so outlives it until the command is gone. Both stay here.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time

PATIENCE = 10.0
"""Seconds between the request to end and the end."""
NO_COMMAND = 127


def main() -> int:
    """The exit status of the command, as a shell gives it."""
    alive, kept = int(sys.argv[1]), int(sys.argv[2])
    for descriptor in (alive, kept):
        os.set_inheritable(descriptor, False)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, _stay)
    child = os.fork()
    if child == 0:
        _become(sys.argv[3:])
    threading.Thread(target=_watch, args=(alive,), daemon=True).start()
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    os.killpg(0, signal.SIGTERM)  # what the command has left behind
    return status if status >= 0 else 128 - status


def _stay(*_: object) -> None:
    """The group is told to end: the command does, and this with it."""


def _become(words: list[str]) -> None:
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    try:
        os.execvp(words[0], words)
    except OSError as error:
        sys.stderr.write(f"{words[0]}: {error.strerror}\n")
        sys.stderr.flush()
        os._exit(NO_COMMAND)


def _watch(alive: int) -> None:
    """Wait until servec closes the pipe or is gone; then end the group, politely first."""
    while os.read(alive, 1):
        pass
    os.killpg(0, signal.SIGTERM)
    time.sleep(PATIENCE)
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main())
