"""A process of a launch under way: what work, servers and what asks them have in common."""

from __future__ import annotations

from servec.run.child import Child
from servec.run.outcome import Outcome

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from servec.compiler.steps.node import Node
    from servec.run.job import Job
    from servec.run.outcome import Watcher


class Process:
    """A process started by an emitted script; its step ends as it does."""

    def __init__(self, job: Job, node: Node, lock: int, watcher: Watcher) -> None:
        """`lock`: the descriptor of a lock that it keeps held."""
        self.node, self._job, self._lock, self._watcher = node, job, lock, watcher
        self._child: Child | None = None

    def begin(self) -> Outcome | None:
        """Start it; how it ended where there is nothing to start."""
        self._start(self._job.devices.get(self.node.name, {}))
        return None

    def poll(self) -> Outcome | None:
        """How it ended, None while it runs."""
        status = self.status()
        if status is None:
            self._watcher.tick(self.node, 0)
            return None
        self.stop()
        why = f"exit status {status}" if status else ""
        return Outcome(self.node.name, "failed" if status else "done", status=status, why=why)

    def status(self) -> int | None:
        """Its exit status, None while it runs."""
        return self._child.status() if self._child is not None else None

    def end(self) -> None:
        """Tell it to end."""
        if self._child is not None:
            self._child.end()

    def stop(self) -> None:
        """End it; back when it is gone."""
        if self._child is not None:
            self._child.stop()

    def _start(self, variables: Mapping[str, str]) -> None:
        job, node = self._job, self.node
        self._watcher.begin(node)
        log, root = job.place.log(node.name), job.place.root or "."
        env = {**job.environment, **variables}
        self._child = Child(job.command(node), log, root, env, self._lock)
