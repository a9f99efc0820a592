"""Judges many commands: in groups by device, side by side, each import made once for its group.

A judged command ends with its process, and what it imported with it: a model class, a quantisation.
The group imports the same before it goes on. Groups hold one device each, as modules ask for it
while they are imported.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import sys
import tempfile

from servec.targets.shared.oracle import pretend
from servec.targets.shared.oracle.judge import crashed, run

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from servec.targets.shared.oracle.session import Oracle

    Jobs = list[dict[str, Any]]


def judged(oracle: Oracle, jobs: Jobs) -> Iterator[dict[str, Any]]:
    """A verdict for every job, with its `id`; in no order."""
    workers = os.cpu_count() or 1
    waiting = _groups(jobs, workers)
    running: dict[int, tuple[Jobs, str]] = {}
    with tempfile.TemporaryDirectory(prefix="servec-judge-") as folder:
        while waiting or running:
            while waiting and len(running) < workers:
                group, path = waiting.pop(), os.path.join(folder, str(len(waiting)))
                running[_started(oracle, group, path)] = (group, path)
            pid, status = os.wait()
            yield from _read(*running.pop(pid), status)


def _groups(jobs: Jobs, workers: int) -> list[Jobs]:
    """The jobs of each device, in parts of a size that keeps all workers busy; the largest last."""
    most = max(20, -(-len(jobs) // (2 * workers)))
    by_device: dict[str, Jobs] = {}
    for job in jobs:
        by_device.setdefault(json.dumps(job.get("gpu"), sort_keys=True), []).append(job)
    parts = [
        group[at : at + most] for group in by_device.values() for at in range(0, len(group), most)
    ]
    return sorted(parts, key=len)


def _started(oracle: Oracle, group: Jobs, path: str) -> int:
    """The id of a process that judges a group and writes a line for each verdict."""
    pid = os.fork()
    if pid:
        return pid
    try:
        _judge(oracle, group, path)
    finally:
        os._exit(0)


def _judge(oracle: Oracle, group: Jobs, path: str) -> None:
    sink = os.open(os.devnull, os.O_WRONLY)
    os.dup2(sink, 1)
    if not os.environ.get("SERVEC_ORACLE_TRACE"):
        os.dup2(sink, 2)
    pretend.set_gpu(group[0])
    pretend.forget()
    with open(path, "w", encoding="utf-8") as file:
        for job in group:
            verdict = run(oracle, job)
            _import(verdict.pop("imported", ()))
            file.write(json.dumps({"id": job.get("id"), **verdict}) + "\n")
            file.flush()


def _import(names: list[str]) -> None:
    """Load what a judged command had to load."""
    for name in names:
        if name not in sys.modules:
            with contextlib.suppress(BaseException):
                importlib.import_module(name)


def _read(group: Jobs, path: str, status: int) -> Iterator[dict[str, Any]]:
    """The verdicts of a group that has ended; a crash for each that it did not come to."""
    with open(path, "a+", encoding="utf-8") as file:
        file.seek(0)
        rows = [json.loads(line) for line in file if line.endswith("\n")]
    yield from rows
    for job in group[len(rows) :]:
        yield {"id": job.get("id"), "seconds": 0.0, **crashed(status)}
