"""`k8s/build.yaml`: a Job that runs `build.sh` once, on the volume that the pods read from.

The steps' products lie below the project's root, which in pods is `/servec`: a folder of the volume
for weights takes its place.
"""

from __future__ import annotations

from servec.targets.shared.artifacts.build import build_script
from servec.targets.shared.artifacts.pods import (
    FILES,
    config_name,
    names,
    project_mount,
    secret,
    volume_of,
)
from servec.targets.shared.artifacts.scheduling import placement, resources, rights
from servec.targets.shared.artifacts.weights import TOKEN, cache_folder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.targets.shared.artifacts.subject import Subject
    from servec.targets.shared.artifacts.yaml import Node

TRIES = 3
HEAVY = ("quantize", "build")
"""Steps that compute on the devices."""


def build_job(subject: Subject) -> dict[str, Node]:
    """The Job; it has the devices of a server where a step needs some."""
    name = f"{names(subject)[:57].rstrip('-')}-build"
    labels: dict[str, Node] = {"app.kubernetes.io/managed-by": "servec"}
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {"name": name, "labels": labels},
        "spec": {
            "backoffLimit": TRIES,
            "template": {"metadata": {"labels": dict(labels)}, "spec": _pod(subject)},
        },
    }


def _pod(subject: Subject) -> dict[str, Node]:
    gpus = max((process.gpus for process in subject.launch.processes), default=0)
    gpus = gpus if any(step.kind in HEAVY for step in subject.launch.steps) else 0
    script = build_script(subject).path
    container: dict[str, Node] = {
        "name": "build",
        "image": subject.launch.image,
        "command": ["bash", f"{FILES}/{script}"],
        "workingDir": "/servec",
        "env": [secret(TOKEN, optional=True)],
        "resources": resources(subject.case.device, gpus),
        **rights(False),
        "volumeMounts": [
            {"name": "weights", "mountPath": cache_folder(subject)},
            project_mount(),
            {"name": "files", "mountPath": FILES, "readOnly": True},
        ],
    }
    item: Node = {"key": script, "path": script}
    volumes: list[Node] = [
        volume_of(subject),
        {"name": "files", "configMap": {"name": config_name(subject), "items": [item]}},
    ]
    return {
        "automountServiceAccountToken": False,
        **placement(subject.case.device, gpus),
        "restartPolicy": "OnFailure",
        "containers": [container],
        "volumes": volumes,
    }
