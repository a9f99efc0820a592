"""The pod of one process: command, environment, devices, probes, volumes."""

from __future__ import annotations

import re

from servec.targets.shared.artifacts.scheduling import (
    GRACE,
    ending,
    placement,
    resources,
    rights,
)
from servec.targets.shared.artifacts.shell import launch_script
from servec.targets.shared.artifacts.weights import TOKEN, cache_folder, loads
from servec.targets.shared.artifacts.words import at_host, known

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from servec.compiler.target import Process
    from servec.targets.shared.artifacts.subject import Subject
    from servec.targets.shared.artifacts.yaml import Node

# LeaderWorkerSet gives each pod the leader's address and its own index; the words of argv that are
# known only at start are filled from there.
NODE_IP = "SERVEC_NODE_IP"
OWN = re.compile(rf"{NODE_IP}|SERVEC_(PREFILL|DECODE|SERVE)_HOST")
"""The address that a process tells others: its pod's."""
GROUP_ADDRESS = "$(LWS_LEADER_ADDRESS)"
# Where a pod finds the files that the launch brings along, and the Secret that holds its keys.
FILES = "/servec-files"
SECRETS = "servec-secrets"
FRONT = "SERVEC_PROXY_URL"
"""Where a role finds the front that it tells its own address."""
# 180 checks of 10 s: the half hour that loading a large model may take.
STARTUP_FAILURES = 180


def names(subject: Subject) -> str:
    """A DNS label made from deployment and target."""
    raw = f"{subject.deployment}-{subject.target}".lower()
    clean = "".join(sign if sign.isalnum() else "-" for sign in raw).strip("-")
    return ("s" + clean if clean[0].isdigit() else clean)[:63].rstrip("-")


def pod_template(
    subject: Subject,
    name: str,
    process: Process,
    labels: Mapping[str, Node],
    group: bool = False,
) -> dict[str, Node]:
    """The template of a pod that runs `process`; `group`: as a member of a LeaderWorkerSet."""
    shm: Node = {"medium": "Memory", "sizeLimit": "16Gi"}
    volumes: list[Node] = []
    if loads(process):
        volumes.append(volume_of(subject))
        volumes.append({"name": "shm", "emptyDir": shm})
    if mounted_files(subject, group):
        volumes.append({"name": "files", "configMap": config_source(subject, group)})
    return {
        "metadata": {"labels": dict(labels)},
        "spec": {
            "automountServiceAccountToken": False,
            **placement(subject.case.device, process.gpus),
            "containers": [container(subject, process, group)],
            **({"volumes": volumes} if volumes else {}),
            "terminationGracePeriodSeconds": GRACE,
        },
    }


def volume_of(subject: Subject) -> dict[str, Node]:
    """The volume that keeps weights."""
    claim: Node = {"claimName": f"{names(subject)[:55].rstrip('-')}-weights"}
    return {"name": "weights", "persistentVolumeClaim": claim}


def project_mount() -> dict[str, Node]:
    """What stands for the project's root, where steps have made what a server reads."""
    return {"name": "weights", "mountPath": "/servec", "subPath": "project"}


def mounted_files(subject: Subject, group: bool) -> dict[str, str]:
    """Path below the artifact folder to text: what a pod reads from the ConfigMap.

    A pod of a LeaderWorkerSet runs `launch.sh`, because one template stands for every rank.
    """
    files = {artifact.path: artifact.text for artifact in subject.launch.configs}
    if group:
        script = launch_script(subject)
        files[script.path] = script.text
    return files


def config_name(subject: Subject) -> str:
    """The name of the ConfigMap."""
    return f"{names(subject)[:57].rstrip('-')}-files"


def config_source(subject: Subject, group: bool) -> dict[str, Node]:
    """The ConfigMap's keys with the paths they are mounted at."""
    items: list[Node] = [
        {"key": path.replace("/", "_"), "path": path} for path in mounted_files(subject, group)
    ]
    return {"name": config_name(subject), "items": items}


def container(subject: Subject, process: Process, group: bool) -> dict[str, Node]:
    """The container; the image's entry point is replaced, so argv is the whole command."""
    words = [argument(word, process) for word in process.argv]
    words[0] = process.image_program or words[0]
    if group:
        words = ["bash", f"{FILES}/launch.sh", process.role, "$(LWS_WORKER_INDEX)"]
    out: dict[str, Node] = {
        "name": process.role,
        "image": process.image or subject.launch.image,
        "command": words[:1],
        "args": words[1:],
        "workingDir": "/servec",
    }
    environment = variables(
        process, group, lambda name, text: addressed(subject, process, name, text)
    )
    if environment:
        out["env"] = environment
    if process.port:
        out["ports"] = [{"name": "http", "containerPort": process.port}]
    if process.port and process.health:
        out.update(probes(process))
    out["resources"] = resources(subject.case.device, process.gpus)
    out.update(ending(process))
    out.update(rights(bool(process.gpus) and len(subject.launch.processes) > 1))
    mounts: list[Node] = []
    if loads(process):
        mounts.append({"name": "weights", "mountPath": cache_folder(subject)})
        mounts.append({"name": "shm", "mountPath": "/dev/shm"})
        if subject.launch.steps:
            mounts.append(project_mount())
    if mounted_files(subject, group):
        mounts.append({"name": "files", "mountPath": FILES, "readOnly": True})
    if mounts:
        out["volumeMounts"] = mounts
    return out


def escape(text: str) -> str:
    """Text for a field in which Kubernetes expands `$(NAME)`."""
    return text.replace("$(", "$$(")


def argument(word: str, process: Process) -> str:
    """One word of argv: a reference becomes Kubernetes' own form, everything else is data."""
    name = known(word, process)
    if name:
        return f"$({name})"
    return escape(word)


def variables(process: Process, group: bool, at: Callable[[str, str], str]) -> list[Node]:
    """The environment, each name before the value that expands it.

    In a group `launch.sh` exports what is the same everywhere, so only secrets and what is known
    at start are set here. `at` puts other workloads where a value has this machine.
    """
    out: list[Node] = [secret(name) for name in process.secrets]
    if loads(process) and TOKEN not in (*process.secrets, *process.env):
        out.append(secret(TOKEN, optional=True))
    late = [(name, text) for name, text in sorted(process.env.items()) if is_late(name)]
    for name, text in late:
        if group and name.endswith("ADDR"):
            out.append({"name": name, "value": at_host(text, GROUP_ADDRESS)})
        elif OWN.fullmatch(name):
            field: Node = {"fieldPath": "status.podIP"}
            out.append({"name": name, "valueFrom": {"fieldRef": field}})
        elif not group or name == FRONT:
            shown = f"{FILES}/{text}" if text in process.files else at(name, text)
            out.append({"name": name, "value": escape(shown)})
    if not group:
        for name, text in sorted(process.env.items()):
            if not is_late(name):
                out.append({"name": name, "value": argument(text, process)})
    return out


def secret(name: str, optional: bool = False) -> dict[str, Node]:
    """A variable that the Secret holds; `optional`: the pod starts without it, too."""
    key: dict[str, Node] = {"name": SECRETS, "key": name}
    if optional:
        key["optional"] = True
    return {"name": name, "valueFrom": {"secretKeyRef": key}}


def addressed(subject: Subject, process: Process, name: str, text: str) -> str:
    """A value of the launch where it stands for another workload."""
    from servec.targets.shared.artifacts.services import address

    return address(subject, process, name, text)


def is_late(name: str) -> bool:
    """Whether a variable is one of servec's own, known only at start."""
    return name.startswith("SERVEC_")


def probes(process: Process) -> dict[str, Node]:
    """Startup, readiness and liveness on the health path."""
    get: Node = {"httpGet": {"path": process.health, "port": "http"}}
    assert isinstance(get, dict)
    slow: dict[str, Node] = {**get, "timeoutSeconds": 5}  # a server under load answers late
    return {
        "startupProbe": {**slow, "periodSeconds": 10, "failureThreshold": STARTUP_FAILURES},
        "readinessProbe": {**slow, "periodSeconds": 5, "failureThreshold": 3},
        "livenessProbe": {**get, "periodSeconds": 15, "timeoutSeconds": 10, "failureThreshold": 6},
    }
