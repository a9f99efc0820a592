"""Runs one piece of work: made aside, renamed when it is whole, stamped."""

from __future__ import annotations

import os
import shutil

from servec.run.job import PART
from servec.run.outcome import Outcome
from servec.run.process import Process
from servec.run.stamp import key_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.steps.node import Node
    from servec.run.job import Job
    from servec.run.outcome import Watcher
    from servec.run.stamp import Stamps


class Work(Process):
    """A piece of work under way.

    Whatever ends it early, an interrupt too, leaves no half product; a download keeps what it has
    to go on from.
    """

    def __init__(self, job: Job, node: Node, stamps: Stamps, lock: int, watcher: Watcher) -> None:
        """`lock`: the descriptor of a lock that its command keeps held."""
        super().__init__(job, node, lock, watcher)
        self._stamps = stamps
        self._key = key_of(node, job.argv(node), job.variables(node), job.place.root)

    def begin(self) -> Outcome | None:
        """Start it; `skipped` where its product is there."""
        job, node = self._job, self.node
        if self._stamps.finished(node, self._key):
            self._stamps.write(node, self._key)
            return Outcome(node.name, "skipped")
        _prepare(job, node)
        self._start(job.variables(node))
        return None

    def poll(self) -> Outcome | None:
        """Its end, `done` or `failed`; None while it is at work."""
        status = self.status()
        if status is None:
            made = (_made(self._job, self.node, path) for path in self.node.makes)
            self._watcher.tick(self.node, sum(map(_size, made)))
            return None
        return self._whole(status)

    def stop(self) -> None:
        """End it, and leave nothing half made."""
        super().stop()
        if self._child is not None:
            _sweep(self._job, self.node)

    def _whole(self, status: int) -> Outcome:
        job, node = self._job, self.node
        try:
            super().stop()  # what the command has left behind
            missing = [path for path in node.makes if not os.path.exists(_made(job, node, path))]
            if status or missing:
                why = f"exit status {status}" if status else f"it made no {', '.join(missing)}"
                return Outcome(node.name, "failed", status=status, why=why)
            _keep(job, node)
        finally:
            _sweep(job, node)
        self._stamps.write(node, self._key)
        return Outcome(node.name, "done", status=0)


def _made(job: Job, node: Node, path: str) -> str:
    """Where a product lies until it is whole: aside, if the command can be told so."""
    return job.path(path + PART if path in node.argv else path)


def _prepare(job: Job, node: Node) -> None:
    for path in node.makes:
        os.makedirs(os.path.dirname(job.path(path)) or ".", exist_ok=True)
    _sweep(job, node)


def _sweep(job: Job, node: Node) -> None:
    """Remove half products, but for a download's: it goes on where it was cut off."""
    for path in node.makes if node.kind != "download" else ():
        _remove(job.path(path + PART))


def _keep(job: Job, node: Node) -> None:
    """Give whole products their names, in place of what an earlier command has made."""
    for path in node.makes:
        made, place = _made(job, node, path), job.path(path)
        if made != place:
            if os.path.isdir(place) and not os.path.islink(place):
                shutil.rmtree(place)
            os.replace(made, place)


def _remove(path: str) -> None:
    if os.path.isdir(path) and not os.path.islink(path):
        shutil.rmtree(path, ignore_errors=True)
    elif os.path.lexists(path):
        os.unlink(path)


def _size(path: str) -> int:
    """Bytes of a file or of all files of a folder."""
    try:
        if not os.path.isdir(path):
            return os.stat(path).st_size
        return sum(
            os.lstat(os.path.join(base, name)).st_size
            for base, _, names in os.walk(path)
            for name in names
        )
    except OSError:
        return 0
