"""The commands that `verify` replays: compiled from specs, or found in an output folder."""

from __future__ import annotations

import json
import os

from servec.cli.errors import UsageError
from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from servec.api import Compiled


@record
class Command:
    """One process to replay. `only_parsed`: why its configuration is not resolved, or ""."""

    deployment: str
    target: str
    version: str
    process: str
    job: dict[str, Any]
    only_parsed: str


def commands_of(words: Sequence[str], target: str, folder: str) -> tuple[Command, ...]:
    """The commands behind SPEC… or DIR…; `UsageError` where nothing can be compiled or read.

    Stand-ins for checkpoints are written below `folder`, and are needed as long as the commands.
    """
    folders = [word for word in words if os.path.isdir(word)]
    specs = [word for word in words if word not in folders]
    made: list[Command] = []
    if specs:
        made += _emitted(_compiled(specs, target, ""), folder)
    for word in folders:
        for base, lock in _locks(word):
            if target in ("", "all", lock["target"]):
                made += _written(base, lock, folder)
    if not made:
        raise UsageError(f"there is nothing to replay in {', '.join(words)}")
    return tuple(made)


def _compiled(specs: Sequence[str], target: str, deployment: str) -> Compiled:
    from servec import api
    from servec.cli.given import given

    sources, names = given(specs)
    try:
        found = api.compile(sources, names, target=target, deployment=deployment)
    except api.BadTarget as error:
        raise UsageError(str(error)) from error
    if found.failed:
        codes = sorted({item.code for item in found.diagnostics if item.severity == "error"})
        raise UsageError(f"{', '.join(names)} has errors ({', '.join(codes)}): see `servec check`")
    return found


def _emitted(found: Compiled, folder: str) -> Iterator[Command]:
    from servec.targets.shared.replay.jobs import replays

    cases = {
        (each.spec.name, candidate.target): candidate.cases
        for each in found.result.deployments
        for candidate in each.emit
    }
    for emission in found.emissions:
        own = cases[emission.deployment, emission.target]
        for item in replays(emission.launch, own, folder):
            yield Command(
                emission.deployment,
                emission.target,
                emission.version,
                item.name,
                item.job,
                item.only_parsed,
            )


def _locks(folder: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The locks below an output folder and where they lie, in order of path."""
    for base, folders, files in os.walk(folder):
        folders.sort()
        if "servec.lock.json" in files:
            with open(os.path.join(base, "servec.lock.json"), encoding="utf-8") as file:
                yield base, json.load(file)


def _written(base: str, lock: dict[str, Any], folder: str) -> list[Command]:
    """The processes of a lock in the folder `base`; model and devices from its spec, as long as
    that says the same."""
    from servec.targets.shared.replay.jobs import parse_job

    now = {item.process: item for item in _again(lock, folder)}
    made = []
    for process in lock["processes"]:
        if process["role"] not in ("serve", "prefill", "decode"):
            continue
        job = parse_job(process["argv"], process["env"])
        job["files"] = _files(base, job["argv"])
        why = "its spec is not here, or says something else by now"
        known = now.get(process["name"])
        if known is not None:
            job, why = known.job, known.only_parsed
        made.append(
            Command(lock["deployment"], lock["target"], lock["version"], process["name"], job, why)
        )
    return made


def _files(base: str, argv: list[str]) -> dict[str, str]:
    """The files beside a lock that a command names, by the name it has for them."""
    found = {}
    for word in argv:
        path = os.path.join(base, word)
        if not os.path.isabs(word) and os.path.isfile(path):
            with open(path, encoding="utf-8") as file:
                found[word] = file.read()
    return found


def _again(lock: dict[str, Any], folder: str) -> Iterator[Command]:
    """What the lock's spec compiles to now; nothing where that is not what the lock holds."""
    if not os.path.exists(lock["spec"]):
        return
    try:
        found = _compiled([lock["spec"]], lock["target"], lock["deployment"])
    except UsageError:
        return
    same = [[process["argv"], process["env"]] for process in lock["processes"]]
    for emission in found.emissions:
        if [[list(p.argv), dict(p.env)] for p in emission.launch.processes] == same:
            yield from _emitted(found, folder)
