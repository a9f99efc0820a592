"""Runs the steps of a job, each as soon as what it waits for is done: work, servers, questions.

All of it in one thread, which starts, looks and waits: an interrupt so finds everything that runs.
"""

from __future__ import annotations

import time
from functools import partial

from servec.dsl.record import replace
from servec.run.lock import Lock
from servec.run.outcome import Outcome
from servec.run.process import Process
from servec.run.server import Server
from servec.run.stamp import Stamps, key_of
from servec.run.work import Work

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from servec.compiler.steps.node import Node
    from servec.run.job import Job
    from servec.run.outcome import Watcher


TICK = 0.25
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
        self._servers: list[Server] = []
        self._began: dict[str, float] = {}
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
        """Every step as soon as what it waits for is done; the first failure ends the others."""
        made: dict[str, Outcome] = {}
        running: dict[str, Process] = {}
        try:
            while len(made) < len(self._job.nodes):
                before = len(made) + len(running)
                for node in [*self._due(made, running)]:
                    found = self._tried(partial(self._start, node, running))
                    self._settle(node, found, running, made)
                for task in [*running.values()]:
                    self._settle(task.node, self._tried(task.poll), running, made)
                self._fallen(made)
                wrong = next((n for n, each in made.items() if each.state == "failed"), "")
                if wrong:
                    self._cancel(wrong, running, made)
                elif before == len(made) + len(running):
                    time.sleep(TICK)
        finally:
            _stop(running.values())
        return [made[node.name] for node in self._job.nodes]

    def _due(self, made: Mapping[str, Outcome], running: Mapping[str, Process]) -> Iterator[Node]:
        """The steps that can start now."""
        known = {node.name for node in self._job.nodes}
        for node in self._job.nodes:
            ready = all(name in made for name in node.after if name in known)
            if ready and node.name not in made and node.name not in running:
                yield node

    def _start(self, node: Node, running: dict[str, Process]) -> Outcome | None:
        """Begin a step, which from here on is among the running ones."""
        self._began[node.name] = time.monotonic()
        task = running[node.name] = self._task(node)
        return task.begin()

    def _task(self, node: Node) -> Process:
        say = self._watcher.say
        if not node.works:
            self._work.release()
        elif self._work.descriptor < 0:
            self._work.take(PATIENCE, lambda: say("waiting for the work of another run"))
        if node.works:
            return Work(self._job, node, self._stamps, self._work.descriptor, self._watcher)
        kind = Server if node.serves else Process
        return kind(self._job, node, self._lock.descriptor, self._watcher)

    def _tried(self, move: Callable[[], Outcome | None]) -> Outcome | str | None:
        """What a step comes to, the sentence on what keeps it from going on, None for neither."""
        try:
            return move()
        except OSError as error:  # a full disk, a folder that is not ours
            where = f": {error.filename}" if error.filename else ""
            return f"{error.strerror or error}{where}"

    def _settle(
        self,
        node: Node,
        found: Outcome | str | None,
        running: dict[str, Process],
        made: dict[str, Outcome],
    ) -> None:
        """Note the end of a step; a server that is up goes on."""
        if found is None:
            return
        task = running.pop(node.name, None)
        outcome = Outcome(node.name, "failed", why=found) if isinstance(found, str) else found
        if isinstance(task, Server) and outcome.state == "done":
            self._servers.append(task)
        elif task is not None:
            task.stop()
        spent = time.monotonic() - self._began[node.name]
        made[node.name] = replace(outcome, seconds=spent)
        self._watcher.end(node, made[node.name])

    def _fallen(self, made: dict[str, Outcome]) -> None:
        """A server that was up and has ended is a failure, whatever runs meanwhile."""
        for server in self._servers:
            status, name = server.status(), server.node.name
            if status is not None and made[name].state == "done":
                why = f"it ended with exit status {status}"
                made[name] = replace(made[name], state="failed", status=status, why=why)
                self._watcher.end(server.node, made[name])

    def _cancel(self, wrong: str, running: dict[str, Process], made: dict[str, Outcome]) -> None:
        """End what runs beside a failed step; what has not begun is not run."""
        _stop(running.values())
        for node in self._job.nodes:
            if node.name in made:
                continue
            why = f"stopped: {wrong} failed" if node.name in running else ""
            made[node.name] = Outcome(node.name, "not_run", why=why)
            if why:
                self._watcher.end(node, made[node.name])
        running.clear()

    def gone(self) -> str:
        """A sentence on a server that has ended, "" while all are up."""
        for server in self._servers:
            status = server.status()
            if status is not None:
                return f"{server.node.name} ended with exit status {status}"
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
            self._servers.pop().stop()
        self._work.release()
        self._lock.release()

    def _key(self, node: Node) -> str:
        job = self._job
        return key_of(node, job.argv(node), job.variables(node), job.place.root)


def _stop(tasks: Iterable[Process]) -> None:
    """End steps side by side."""
    ending = list(tasks)
    for task in ending:
        task.end()
    for task in ending:
        task.stop()
