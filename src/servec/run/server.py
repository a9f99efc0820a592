"""Servers of a launch, which are up when they say so."""

from __future__ import annotations

import http.client
import socket
import time
import urllib.error
import urllib.request

from servec.run.outcome import Outcome
from servec.run.process import Process

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.steps.node import Node

SETTLED = 2.0
"""Seconds after which a process that says nothing of its health counts as up."""
# Straight to the address: a proxy of the environment is not meant for this machine.
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Server(Process):
    """A process that stays up: its step is done as soon as it is ready."""

    _began = 0.0

    def begin(self) -> Outcome | None:
        """Start it; `failed` where something else has its place."""
        other = taken(self.node)
        if other:
            self._watcher.begin(self.node)
            return Outcome(self.node.name, "failed", why=f"something else listens on {other}")
        self._began = time.monotonic()
        return super().begin()

    def poll(self) -> Outcome | None:
        """`done` as soon as it is ready; `failed` where it ends before that or takes too long."""
        name, status = self.node.name, self.status()
        if status is not None:
            why = f"it ended with exit status {status}"
            return Outcome(name, "failed", status=status, why=why)
        waited = time.monotonic() - self._began
        address = self._job.health[name]
        if ready(address) if address else waited >= SETTLED:
            return Outcome(name, "done")
        if waited >= self._job.patience:
            return Outcome(name, "failed", why=f"not ready after {self._job.patience:.0f} s")
        self._watcher.tick(self.node, 0)
        return None


def ready(address: str) -> bool:
    """Whether the address answers with a 2xx."""
    try:
        with OPENER.open(address, timeout=5) as answer:
            return 200 <= int(answer.status) < 300
    except (OSError, http.client.HTTPException, urllib.error.URLError):
        return False


def taken(node: Node) -> str:
    """The address that a server wants and that somebody else answers at, "" for none."""
    for address in node.makes:
        host, _, port = address.rpartition("/")[2].rpartition(":")
        with socket.socket() as found:
            found.settimeout(1)
            if found.connect_ex((host, int(port))) == 0:
                return f"{host}:{port}"
    return ""
