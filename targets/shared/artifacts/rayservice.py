"""`k8s/rayservice.yaml`: a Ray cluster and the application on it, for the KubeRay operator.

Source: ray-project/kuberay 0ca87180 ray-operator/config/samples/ray-service.llm-serve.yaml.
"""

from __future__ import annotations

from servec.compiler.target import Artifact
from servec.targets.shared.artifacts.header import comment
from servec.targets.shared.artifacts.pods import names, secret
from servec.targets.shared.artifacts.scheduling import GRACE, placement, resources, rights
from servec.targets.shared.artifacts.weights import TOKEN, cache_folder
from servec.targets.shared.artifacts.yaml import Block, dump
from servec.targets.shared.effective import planned
from servec.targets.shared.replicas import most_replicas

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.target import Case
    from servec.targets.shared.artifacts.subject import Subject
    from servec.targets.shared.artifacts.yaml import Node

# The head runs no model: a controller, a scheduler and a proxy.
HEAD: dict[str, Node] = {"requests": {"cpu": 2, "memory": "8Gi"}}
PORTS = (("gcs", 6379), ("dashboard", 8265))


def ray_service(subject: Subject) -> Artifact:
    """The manifest: a head, and a group of workers for each role, as many as may be needed."""
    name = names(subject)
    config = next(file for file in subject.launch.configs if file.path.endswith("serve.yaml"))
    groups: list[Node] = [_workers(subject, case) for case in subject.cases]
    ranges = any(most_replicas(case) > planned(case).replicas for case in subject.cases)
    cluster: dict[str, Node] = {"rayVersion": subject.launch.version}
    if ranges:
        cluster["enableInTreeAutoscaling"] = True
    cluster["headGroupSpec"] = {
        "rayStartParams": {"num-cpus": "0", "num-gpus": "0"},
        "template": _pod(subject, "ray-head", HEAD),
    }
    cluster["workerGroupSpecs"] = groups
    document: dict[str, Node] = {
        "apiVersion": "ray.io/v1",
        "kind": "RayService",
        "metadata": {"name": name, "labels": {"app.kubernetes.io/managed-by": "servec"}},
        "spec": {"serveConfigV2": Block(config.text), "rayClusterConfig": cluster},
    }
    return Artifact("k8s/rayservice.yaml", "k8s", comment(subject) + dump(document))


def _workers(subject: Subject, case: Case) -> dict[str, Node]:
    """The nodes of one role: those of every copy."""
    plan = planned(case)
    gpus = plan.devices_per_node
    return {
        "groupName": case.role or "workers",
        "replicas": plan.replicas * plan.nodes,
        "minReplicas": plan.replicas * plan.nodes,
        "maxReplicas": most_replicas(case) * plan.nodes,
        "rayStartParams": {"num-gpus": str(gpus)},
        "template": _pod(subject, "ray-worker", resources(case.device, gpus), case),
    }


def _pod(
    subject: Subject, name: str, wanted: dict[str, Node], case: Case | None = None
) -> dict[str, Node]:
    """A pod of the cluster, with room for weights where it has devices; probes add the operator."""
    ports: list[Node] = [{"name": word, "containerPort": port} for word, port in PORTS]
    ports = ports if name == "ray-head" else []
    ports.append({"name": "serve", "containerPort": subject.launch.port})
    process = subject.launch.processes[-1]
    env: list[Node] = [secret(TOKEN, optional=True)]
    env += [
        {"name": variable, "value": value}
        for variable, value in sorted(process.env.items())
        if not variable.startswith("SERVEC_") and variable != "RAY_ADDRESS"
    ]
    container: dict[str, Node] = {
        "name": name,
        "image": subject.launch.image,
        "env": env,
        "ports": ports,
        "resources": wanted,
        **rights(case is not None and planned(case).nodes > 1),
    }
    ends: dict[str, Node] = {"terminationGracePeriodSeconds": GRACE}
    if case is None:
        return {"spec": {"containers": [container], **ends}}
    claim = f"{names(subject)[:55].rstrip('-')}-weights"
    container["volumeMounts"] = [
        {"name": "weights", "mountPath": cache_folder(subject)},
        {"name": "shm", "mountPath": "/dev/shm"},
    ]
    volumes: list[Node] = [
        {"name": "weights", "persistentVolumeClaim": {"claimName": claim}},
        {"name": "shm", "emptyDir": {"medium": "Memory", "sizeLimit": "16Gi"}},
    ]
    where = placement(case.device, planned(case).devices_per_node)
    return {"spec": {**where, "containers": [container], "volumes": volumes, **ends}}
