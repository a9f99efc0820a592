"""The jobs that replay a launch: each serving process with its model, device and variables."""

from __future__ import annotations

import os
import re

from servec.dsl.record import record, replace
from servec.targets.shared.replay.gguf_stand_in import write_stand_in
from servec.targets.shared.replay.model_folder import catalogue_folder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from servec.compiler.target import Case, Launch, Process

SERVING = ("serve", "prefill", "decode")
HELPERS = ("/usr/sbin/sshd",)
"""Programs that stand on further nodes of a launch and parse nothing of it."""
UNKNOWN = 80 * 2**30
"""Bytes of the pretended device where the memory of the real one is not known."""


@record
class Replay:
    """One process to replay: its name, the job, and why it is only parsed ("" if resolved too)."""

    name: str
    job: dict[str, Any]
    only_parsed: str = ""


def replays(launch: Launch, cases: Sequence[Case], folder: str) -> tuple[Replay, ...]:
    """A replay for every process of a launch that the runtime's own parser reads.

    Stand-ins for checkpoints are written below `folder`. Routers and cluster processes have parsers
    of their own and are left out.
    """
    made = []
    files = {file.path: file.text for file in launch.configs}
    for process in launch.processes:
        if process.role in SERVING and process.argv[0] not in HELPERS:
            item = _replay(process, _case(process, cases), folder)
            own = {path: files[path] for path in process.files if path in files}
            made.append(replace(item, job={**item.job, "files": own}) if own else item)
    return tuple(made)


def _case(process: Process, cases: Sequence[Case]) -> Case:
    return next((case for case in cases if case.role == process.role), cases[0])


def _replay(process: Process, case: Case, folder: str) -> Replay:
    job = parse_job(process.argv, process.env)
    if case.target.name == "llamacpp":
        return _planned(process.name, job, case, folder)
    why = _unresolved(case)
    if why:
        return Replay(process.name, job, why)
    assert case.plan is not None and case.device is not None
    stand_in = os.path.join(folder, _name(case.plan.checkpoint))
    if not os.path.exists(stand_in) and not catalogue_folder(case.plan.checkpoint, stand_in):
        return Replay(process.name, job, f"no config of {case.plan.checkpoint} in the catalogue")
    known = {case.plan.checkpoint: stand_in}
    if case.draft is not None:
        draft = os.path.join(folder, _name(case.draft.id))
        if os.path.exists(draft) or catalogue_folder(case.draft.id, draft):
            known[case.draft.id] = draft
    device = case.device
    gpu = {
        "name": device.id,
        "cc": list(divmod(device.capability, 10)),
        "mem_gb": (device.memory or UNKNOWN) / 2**30,
        "count": case.devices_per_node,
    }
    return Replay(
        process.name,
        {**job, "resolve": True, "model_config": stand_in, "map": known, "gpu": gpu},
    )


def _planned(name: str, job: dict[str, Any], case: Case, folder: str) -> Replay:
    """A command of llama.cpp with a file without weights, which its own planner reads."""
    if "tensor" in job["argv"]:
        return Replay(name, job, "a tensor split needs the devices")
    model = case.model
    if model is None:
        return Replay(name, job, "nothing is known of the model")
    file = os.path.join(os.path.abspath(folder), _name(model.id) + ".gguf")
    if not os.path.exists(file) and not write_stand_in(file, model):
        return Replay(name, job, f"no stand-in is written for {model.architecture}")
    return Replay(name, {**job, "resolve": True, "model_config": file})


def _unresolved(case: Case) -> str:
    """Why a case cannot be resolved on a pretended CUDA device."""
    if case.device is None or case.device.any:
        return "the kind of hardware is not stated"
    if case.device.vendor != "nvidia":
        return f"{case.device.name} is no CUDA device"
    if case.model is None or case.plan is None:
        return "nothing is known of the model"
    if case.plan.load == "convert":
        return "the weights are made by a step before the launch"
    if case.spec.word("comm.executor") == "ray":
        return "Ray starts the workers, and no environment of a parser has it"
    return ""


def parse_job(argv: Sequence[str], env: Mapping[str, str]) -> dict[str, Any]:
    """The job that only parses a command; what is known at start alone has its default."""
    words = [_filled(word, env) for word in argv]
    return {"argv": words, "env": dict(env), "resolve": False}


def _filled(word: str, env: Mapping[str, str]) -> str:
    """A word that is known only at start, with its default."""
    found = re.fullmatch(r"\$\{(SERVEC_[A-Z0-9_]+)\}", word)
    return env.get(found[1], word) if found else word


def _name(checkpoint: str) -> str:
    return re.sub(r"[^A-Za-z0-9._-]", "--", checkpoint)
