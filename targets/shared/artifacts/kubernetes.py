"""`k8s/*.yaml`: Deployment or LeaderWorkerSet, Service, disruption budget, probes."""

from __future__ import annotations

from servec.compiler.target import Artifact
from servec.targets.shared.artifacts.build import build_script
from servec.targets.shared.artifacts.cluster import is_ray
from servec.targets.shared.artifacts.header import comment
from servec.targets.shared.artifacts.mpi import is_launcher, is_mpi
from servec.targets.shared.artifacts.pods import (
    STARTUP_FAILURES,
    config_name,
    mounted_files,
    names,
    pod_template,
)
from servec.targets.shared.artifacts.scheduling import GRACE
from servec.targets.shared.artifacts.services import (
    ROLES,
    at_services,
    copies,
    service_name,
    workload_name,
)
from servec.targets.shared.artifacts.yaml import dump

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.target import Process
    from servec.targets.shared.artifacts.subject import Subject
    from servec.targets.shared.artifacts.yaml import Node


def manifests(subject: Subject) -> tuple[Artifact, ...]:
    """Every manifest of the deployment, one file a workload, and what they share."""
    if is_ray(subject.launch):
        from servec.targets.shared.artifacts.rayservice import ray_service

        storage = manifest(subject, "k8s/storage.yaml", [volume_claim(subject)])
        return ray_service(subject), storage
    out: list[Artifact] = []
    for role in roles(subject):
        processes = tuple(p for p in subject.launch.processes if p.role == role)
        made: list[dict[str, Node]] = []
        for copy in range(1, copies(subject, role) + 1):
            name = workload_name(subject, role, copy)
            made += workloads(subject, name, processes)
            made += around(name, service_name(subject, role, copy), processes)
        out.append(manifest(subject, f"k8s/{role}.yaml", made))
    out.append(manifest(subject, "k8s/storage.yaml", [volume_claim(subject)]))
    if subject.launch.steps:
        from servec.targets.shared.artifacts.buildjob import build_job

        out.append(manifest(subject, "k8s/build.yaml", [build_job(subject)]))
    files = config_map(subject)
    if files:
        out.append(manifest(subject, "k8s/files.yaml", [files]))
    return tuple(out)


def workloads(
    subject: Subject, name: str, processes: tuple[Process, ...]
) -> tuple[dict[str, Node], ...]:
    """What runs the processes of one role: on one node, on several, or as the ranks of MPI."""
    if len({p.node_rank for p in processes}) == 1:
        return (deployment(subject, name, processes),)
    if is_launcher(processes[0]):
        from servec.targets.shared.artifacts.mpijob import mpi_jobs

        return mpi_jobs(subject, name, processes, replicas(subject, processes[0].role))
    return (leader_worker_set(subject, name, processes),)


def roles(subject: Subject) -> tuple[str, ...]:
    """The roles that run in pods, in start order."""
    return tuple(dict.fromkeys(process.role for process in subject.launch.processes))


def manifest(subject: Subject, path: str, documents: list[dict[str, Node]]) -> Artifact:
    """Several documents in one file."""
    text = comment(subject) + "---\n".join(dump(document) for document in documents)
    return Artifact(path, "k8s", text)


def meta(name: str) -> dict[str, Node]:
    """Metadata with the labels that selectors use."""
    return {"name": name, "labels": labels(name)}


def labels(name: str) -> dict[str, Node]:
    """The recommended labels."""
    return {"app.kubernetes.io/name": name, "app.kubernetes.io/managed-by": "servec"}


def deployment(subject: Subject, name: str, processes: tuple[Process, ...]) -> dict[str, Node]:
    """A Deployment: one pod holds one replica; a rollout never needs more GPUs than there are."""
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": meta(name),
        "spec": {
            "replicas": replicas(subject, processes[0].role),
            "progressDeadlineSeconds": 10 * STARTUP_FAILURES + GRACE,
            "selector": {"matchLabels": {"app.kubernetes.io/name": name}},
            "strategy": {
                "type": "RollingUpdate",
                "rollingUpdate": {"maxSurge": 0, "maxUnavailable": 1},
            },
            "template": pod_template(subject, name, processes[0], labels(name)),
        },
    }


def leader_worker_set(
    subject: Subject, name: str, processes: tuple[Process, ...]
) -> dict[str, Node]:
    """A LeaderWorkerSet: rank 0 leads; each worker learns its rank and the leader's address."""
    return {
        "apiVersion": "leaderworkerset.x-k8s.io/v1",
        "kind": "LeaderWorkerSet",
        "metadata": meta(name),
        "spec": {
            "replicas": replicas(subject, processes[0].role),
            "leaderWorkerTemplate": {
                "size": len(processes),
                "restartPolicy": "RecreateGroupOnPodRestart",
                "leaderTemplate": pod_template(
                    subject, name, processes[0], {**labels(name), "role": "leader"}, group=True
                ),
                "workerTemplate": pod_template(
                    subject, name, processes[1], {**labels(name), "role": "worker"}, group=True
                ),
            },
        },
    }


def replicas(subject: Subject, role: str) -> int:
    """Copies that one workload holds: those of a role are told apart, there is one router."""
    return subject.replicas if role == "serve" else 1


def around(name: str, service: str, processes: tuple[Process, ...]) -> list[dict[str, Node]]:
    """The Service in front of a workload that listens, and its disruption budget."""
    front = processes[0]
    selector: dict[str, Node] = {"app.kubernetes.io/name": name}
    if len(processes) > 1 and is_launcher(front):
        from servec.targets.shared.artifacts.mpijob import answering

        selector = answering(name)
    elif len(processes) > 1:
        selector["role"] = "leader"
    out: list[dict[str, Node]] = []
    if front.port:
        port: Node = {"name": "http", "port": front.port, "targetPort": "http"}
        inside: dict[str, Node] = {"selector": selector, "ports": [port]}
        if front.role in ROLES:
            # One pod behind it, which the other role reaches at further ports, too.
            inside = {"clusterIP": "None", **inside}
        out.append(
            {
                "apiVersion": "v1",
                "kind": "Service",
                "metadata": {"name": service, "labels": labels(name)},
                "spec": inside,
            }
        )
    out.append(
        {
            "apiVersion": "policy/v1",
            "kind": "PodDisruptionBudget",
            "metadata": meta(name),
            "spec": {
                "maxUnavailable": 1,
                "selector": {"matchLabels": {"app.kubernetes.io/name": name}},
            },
        }
    )
    return out


def volume_claim(subject: Subject) -> dict[str, Node]:
    """Where downloaded weights stay between restarts: twice their size, rounded to 10 GiB."""
    memory = subject.case.memory
    each = memory.weights if memory else 0
    plan = subject.case.plan
    total = each * (plan.gpus if plan else 1)
    size = max(20, -(-2 * total // (10 * 2**30)) * 10)
    return {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": meta(f"{names(subject)[:55].rstrip('-')}-weights"),
        "spec": {
            "accessModes": ["ReadWriteMany" if many_pods(subject) else "ReadWriteOnce"],
            "resources": {"requests": {"storage": f"{size}Gi"}},
        },
    }


def many_pods(subject: Subject) -> bool:
    """Whether more than one pod reads the weights."""
    return subject.replicas > 1 or len(subject.launch.processes) > 1


def config_map(subject: Subject) -> dict[str, Node] | None:
    """The files that pods read, by their flattened names."""
    processes = subject.launch.processes
    group = not is_mpi(subject.launch) and any(process.node_rank > 0 for process in processes)
    files = mounted_files(subject, group)
    if subject.launch.steps:
        script = build_script(subject)
        files = {**files, script.path: script.text}
    if not files:
        return None
    fronts = {path for process in processes if process.role == "router" for path in process.files}
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": meta(config_name(subject)),
        "data": {
            path.replace("/", "_"): at_services(subject, text) if path in fronts else text
            for path, text in files.items()
        },
    }
