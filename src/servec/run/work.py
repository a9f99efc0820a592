"""Runs one piece of work: made aside, renamed when it is whole, stamped."""

from __future__ import annotations

import os
import shutil

from servec.run.child import Child
from servec.run.job import PART
from servec.run.outcome import Outcome

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.steps.node import Node
    from servec.run.job import Job
    from servec.run.outcome import Watcher
    from servec.run.stamp import Stamps

TICK = 0.25


def work(job: Job, node: Node, stamps: Stamps, lock: int, watcher: Watcher) -> Outcome:
    """The step's end: `skipped` where its product is there, `done` or `failed`.

    Whatever ends it early, an interrupt too, leaves no half product; a download keeps what it has
    to go on from.
    """
    from servec.run.stamp import key_of

    key = key_of(node, job.argv(node), job.variables(node), job.place.root)
    if stamps.finished(node, key):
        stamps.write(node, key)
        return Outcome(node.name, "skipped")
    _prepare(job, node)
    watcher.begin(node)
    try:
        status = _run(job, node, lock, watcher)
        missing = [path for path in node.makes if not os.path.exists(_made(job, node, path))]
        if status or missing:
            why = f"exit status {status}" if status else f"it made no {', '.join(missing)}"
            return Outcome(node.name, "failed", status=status, why=why)
        _keep(job, node)
    finally:
        _sweep(job, node)
    stamps.write(node, key)
    return Outcome(node.name, "done", status=0)


def _run(job: Job, node: Node, lock: int, watcher: Watcher) -> int:
    env = {**job.environment, **job.variables(node)}
    child = Child(job.command(node), job.place.log(node.name), job.place.root or ".", env, lock)
    try:
        while (status := child.wait(TICK)) is None:
            watcher.tick(node, sum(_size(_made(job, node, path)) for path in node.makes))
    finally:
        child.stop()
    return status


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
