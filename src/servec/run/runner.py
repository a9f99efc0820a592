"""Runs the steps of a job in order: work first, then servers, then what asks them."""

from __future__ import annotations

import time

from servec.dsl.record import replace
from servec.run.lock import Lock
from servec.run.outcome import Outcome
from servec.run.server import start, taken, up
from servec.run.stamp import Stamps, key_of
from servec.run.work import work

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from servec.compiler.steps.node import Node
    from servec.run.child import Child
    from servec.run.job import Job
    from servec.run.outcome import Watcher

HANDOVER = 20.0
"""Seconds that a killed run of the same deployment has to be gone."""
PATIENCE = 24 * 3600.0
"""Seconds to wait for another deployment's work: it may be making the same files."""


class Busy(Exception):
    """Another run of the same deployment is at work."""


class Runner:
    """Runs a job; servers stay up until `close`."""

    def __init__(self, job: Job, watcher: Watcher) -> None:
        """Nothing is started yet."""
        self._job, self._watcher = job, watcher
        self._stamps = Stamps(job.place.stamps, job.place.root)
        self._servers: list[tuple[Node, Child]] = []
        self._lock = Lock(f"{job.place.logs}.lock")
        self._work = Lock(f"{job.place.home}/work.lock")

    def due(self) -> tuple[Outcome, ...]:
        """What would run and what is finished, without running anything."""
        made: dict[str, Outcome] = {}
        for node in self._job.nodes:
            again = any(made[name].state == "due" for name in node.after if name in made)
            there = node.works and not again and self._stamps.finished(node, self._key(node))
            made[node.name] = Outcome(node.name, "skipped" if there else "due")
        return tuple(made.values())

    def run(self) -> tuple[Outcome, ...]:
        """Every step's end, in order; those after a failure are `not_run`. `Busy` may be raised."""
        say = self._watcher.say
        if not self._lock.take(HANDOVER, lambda: say("waiting for an earlier run to end")):
            raise Busy
        try:
            return tuple(self._all())
        finally:
            self._work.release()

    def _all(self) -> list[Outcome]:
        made: list[Outcome] = []
        failed = False
        for node in self._job.nodes:
            if failed:
                made.append(Outcome(node.name, "not_run"))
                continue
            began = time.monotonic()
            outcome = replace(self._tried(node), seconds=time.monotonic() - began)
            self._watcher.end(node, outcome)
            made.append(outcome)
            failed = outcome.state == "failed"
        return made

    def _tried(self, node: Node) -> Outcome:
        """A step's end; a full disk or a folder that is not ours fails it like anything else."""
        try:
            return self._one(node)
        except OSError as error:
            where = f": {error.filename}" if error.filename else ""
            return Outcome(node.name, "failed", why=f"{error.strerror or error}{where}")

    def _one(self, node: Node) -> Outcome:
        if node.works:
            return self._piece(node)
        self._work.release()
        self._fresh(node)
        self._watcher.begin(node)
        return self._serve(node) if node.serves else self._ask(node)

    def _piece(self, node: Node) -> Outcome:
        say = self._watcher.say
        if self._work.descriptor < 0:
            self._work.take(PATIENCE, lambda: say("waiting for the work of another run"))
        self._fresh(node)
        return work(self._job, node, self._stamps, self._work.descriptor, self._watcher)

    def _serve(self, node: Node) -> Outcome:
        other = taken(node)
        if other:
            return Outcome(node.name, "failed", why=f"something else listens on {other}")
        child = start(self._job, node, self._lock.descriptor)
        self._servers.append((node, child))
        return up(self._job, node, child, self._watcher)

    def _ask(self, node: Node) -> Outcome:
        """The probe or the load test, as long as the servers live."""
        child = start(self._job, node, self._lock.descriptor)
        try:
            while (status := child.wait(0.25)) is None:
                gone = self.gone()
                if gone:
                    return Outcome(node.name, "failed", why=gone)
                self._watcher.tick(node, 0)
        finally:
            child.stop()
        why = f"exit status {status}" if status else ""
        return Outcome(node.name, "failed" if status else "done", status=status, why=why)

    def gone(self) -> str:
        """A sentence on a server that has ended, "" while all are up."""
        for node, child in self._servers:
            status = child.status()
            if status is not None:
                return f"{node.name} ended with exit status {status}"
        return ""

    def stay(self, tick: Callable[[], None]) -> str:
        """Until a server ends: the sentence on it."""
        while not (gone := self.gone()):
            tick()
            time.sleep(0.5)
        return gone

    def close(self) -> None:
        """End what is up, the last one first, and let go of the locks."""
        while self._servers:
            self._servers.pop()[1].stop()
        self._work.release()
        self._lock.release()

    def _key(self, node: Node) -> str:
        job = self._job
        return key_of(node, job.argv(node), job.variables(node), job.place.root)

    def _fresh(self, node: Node) -> None:
        """An empty log."""
        with open(self._job.place.log(node.name), "wb"):
            return
