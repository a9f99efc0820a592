"""The MPI job of one role: `mpirun` in a pod of its own, ranks in pods with devices.

Source: kubeflow/mpi-operator 3981711d examples/v2beta1/pi/pi.yaml, 012dae56
pkg/controller/mpi_job_controller.go: the operator mounts keys and a list of the workers, and names
that list to Open MPI, so that the launch needs no hosts.
"""

from __future__ import annotations

from servec.dsl.record import replace
from servec.targets.shared.artifacts.mpi import HOSTS
from servec.targets.shared.artifacts.pods import pod_template

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.target import Process
    from servec.targets.shared.artifacts.subject import Subject
    from servec.targets.shared.artifacts.yaml import Node

FIRST = "training.kubeflow.org/replica-index"
RESTARTS = 100  # a server is started again, not given up after the six tries of a job


def mpi_jobs(
    subject: Subject, name: str, processes: tuple[Process, ...], replicas: int
) -> tuple[dict[str, Node], ...]:
    """One job for each replica; a job is one replica, whose first worker answers."""
    names = [name] + [f"{name[:58]}-{copy}" for copy in range(2, replicas + 1)]
    return tuple(_job(subject, name, each, processes) for each in names)


def answering(name: str) -> dict[str, Node]:
    """What selects the pods that answer: the first worker of each job holds rank 0."""
    return {"app.kubernetes.io/name": name, FIRST: "0"}


def _job(subject: Subject, name: str, own: str, processes: tuple[Process, ...]) -> dict[str, Node]:
    first, worker = processes[0], processes[1]
    launcher = replace(first, argv=_without_hosts(first.argv), port=0, health="", gpus=0)
    launcher = replace(launcher, env={k: v for k, v in first.env.items() if k != HOSTS})
    ranks = replace(worker, port=first.port)
    return {
        "apiVersion": "kubeflow.org/v2beta1",
        "kind": "MPIJob",
        "metadata": {"name": own, "labels": {"app.kubernetes.io/managed-by": "servec"}},
        "spec": {
            "slotsPerWorker": worker.gpus,
            "launcherCreationPolicy": "WaitForWorkersReady",
            "runPolicy": {"cleanPodPolicy": "Running", "backoffLimit": RESTARTS},
            "mpiReplicaSpecs": {
                "Launcher": _replicas(subject, name, launcher, 1),
                "Worker": _replicas(subject, name, ranks, len(processes)),
            },
        },
    }


def _replicas(subject: Subject, name: str, process: Process, count: int) -> dict[str, Node]:
    labels: dict[str, Node] = {"app.kubernetes.io/managed-by": "servec"}
    if process.gpus:
        labels["app.kubernetes.io/name"] = name
    template = pod_template(subject, name, process, labels)
    return {"replicas": count, "restartPolicy": "OnFailure", "template": template}


def _without_hosts(argv: tuple[str, ...]) -> tuple[str, ...]:
    """The command without `-H`: which pods there are is the operator's to say."""
    if "-H" not in argv:
        return argv
    at = argv.index("-H")
    return (*argv[:at], *argv[at + 2 :])
