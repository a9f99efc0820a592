"""Starts a server and waits until it says that it is ready."""

from __future__ import annotations

import http.client
import socket
import time
import urllib.error
import urllib.request

from servec.run.child import Child
from servec.run.outcome import Outcome

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.steps.node import Node
    from servec.run.job import Job
    from servec.run.outcome import Watcher

TICK = 0.25
SETTLED = 2.0
"""Seconds after which a process that says nothing of its health counts as up."""
# Straight to the address: a proxy of the environment is not meant for this machine.
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def start(job: Job, node: Node, lock: int) -> Child:
    """The server's process, by the emitted `launch.sh`."""
    root = job.place.root or "."
    return Child(job.command(node), job.place.log(node.name), root, job.environment, lock)


def up(job: Job, node: Node, child: Child, watcher: Watcher) -> Outcome:
    """`done` as soon as it is ready; `failed` where it ends before that or takes too long."""
    began = time.monotonic()
    address = job.health[node.name]
    while (status := child.wait(TICK)) is None:
        waited = time.monotonic() - began
        if ready(address) if address else waited >= SETTLED:
            return Outcome(node.name, "done")
        if waited >= job.patience:
            return Outcome(node.name, "failed", why=f"not ready after {job.patience:.0f} s")
        watcher.tick(node, 0)
    return Outcome(node.name, "failed", status=status, why=f"it ended with exit status {status}")


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
