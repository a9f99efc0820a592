"""The memory a server holds while it is under load, where that can be seen from here."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
from urllib.parse import urlsplit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

HERE = ("127.0.0.1", "localhost", "::1")
QUERY = ("--query-gpu=memory.used", "--format=csv,noheader,nounits")
EVERY = 1.0
LISTENING = "0A"


class Memory:
    """Context: watches from its beginning to its end.

    `devices`: the most bytes in use on any NVIDIA GPU of this machine, whoever uses them.
    `process`: the most bytes of main memory that the servers' processes (Linux) ever held, all
    together. None where it cannot be seen: another machine, no driver, another user's process.
    """

    def __init__(self, bases: Sequence[str]) -> None:
        """For servers at these addresses."""
        self._local = [p for p in map(urlsplit, bases) if p.hostname in HERE]
        self._tool = shutil.which("nvidia-smi") if len(self._local) == len(bases) else None
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._whole = len(self._local) == len(bases)
        self.devices: int | None = None
        self.process: int | None = None

    def __enter__(self) -> Memory:
        """Begin."""
        if self._tool:
            self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """End, and look at the processes' high-water marks."""
        self._end.set()
        if self._tool:
            self._thread.join()
        marks = [_high_water(p.port or 80) for p in self._local]
        if self._whole and marks and all(marks):
            self.process = sum(marks)

    def _watch(self) -> None:
        while True:
            used = _used(self._tool or "")
            if used is not None:
                self.devices = max(self.devices or 0, used)
            if self._end.wait(EVERY):
                return


def _used(tool: str) -> int | None:
    try:
        done = subprocess.run(
            [tool, *QUERY], capture_output=True, text=True, timeout=20, check=True
        )
        return max(int(line) for line in done.stdout.split()) * 2**20
    except (OSError, subprocess.SubprocessError, ValueError):
        return None


def _high_water(port: int) -> int:
    """VmHWM of the process that listens on a port, 0 where it is not to be seen."""
    sockets = {f"socket:[{inode}]" for inode in _listening(port)}
    for process in _numbers("/proc"):
        try:
            handles = [
                os.readlink(f"/proc/{process}/fd/{fd}") for fd in _numbers(f"/proc/{process}/fd")
            ]
            if sockets.isdisjoint(handles):
                continue
            with open(f"/proc/{process}/status", encoding="utf-8") as file:
                for line in file:
                    if line.startswith("VmHWM:"):
                        return int(line.split()[1]) * 1024
        except (OSError, ValueError):
            continue
    return 0


def _listening(port: int) -> Iterator[str]:
    """Inodes of the sockets that listen on a port."""
    for name in ("/proc/net/tcp", "/proc/net/tcp6"):
        try:
            with open(name, encoding="utf-8") as file:
                rows = [line.split() for line in file][1:]
        except OSError:
            continue
        for row in rows:
            if row[3] == LISTENING and int(row[1].rpartition(":")[2], 16) == port:
                yield row[9]


def _numbers(folder: str) -> list[str]:
    try:
        return [name for name in os.listdir(folder) if name.isdigit()]
    except OSError:
        return []
