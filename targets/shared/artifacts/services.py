"""How the workloads of a launch are called on Kubernetes, and how one finds another.

A LeaderWorkerSet and an MPI job each have a headless service of their own name, made by their
controller, in which pods find each other; the one that users call has another name (kubernetes-sigs
lws pkg/controllers/leaderworkerset_controller.go reconcileHeadlessServices).
"""

from __future__ import annotations

import re

from servec.targets.shared.artifacts.pods import FRONT, names
from servec.targets.shared.effective import planned

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.target import Process
    from servec.targets.shared.artifacts.subject import Subject

URL = re.compile(r"SERVEC_(PREFILL|DECODE)_URL(?:_(\d+))?")
ROLES = ("prefill", "decode")


def workload_name(subject: Subject, role: str, copy: int = 1) -> str:
    """A DNS label for the workload of one role, or of one of its copies."""
    base = names(subject)
    name = base if role == "serve" else f"{base[:52].rstrip('-')}-{role}"
    return name if copy == 1 else f"{name[:58].rstrip('-')}-{copy}"


def service_name(subject: Subject, role: str, copy: int = 1) -> str:
    """The Service in front of a workload."""
    name = workload_name(subject, role, copy)
    many = len({p.node_rank for p in subject.launch.processes if p.role == role}) > 1
    return f"{name[:56].rstrip('-')}-leader" if many else name


def copies(subject: Subject, role: str) -> int:
    """The copies of a role, which the router tells apart; 1 of everything else."""
    if role not in ROLES:
        return 1
    return next((planned(case).replicas for case in subject.cases if case.role == role), 1)


def address(subject: Subject, process: Process, name: str, value: str) -> str:
    """A variable of a router, or of a role that tells it, at the pod or Service it stands for."""
    if name == FRONT:
        return value.replace("127.0.0.1", service_name(subject, "router"))
    server = behind(subject, process, name)
    if server is None:
        return value
    role, copy, node, apart = server
    host = service_name(subject, role, copy)
    if apart:
        group = workload_name(subject, role, copy)
        host = f"{group}-0.{group}" if node == 0 else f"{group}-0-{node}.{group}"
    return value.replace("127.0.0.1", host)


def behind(subject: Subject, process: Process, name: str) -> tuple[str, int, int, bool] | None:
    """The server that a router's variable stands for: its role, its copy, the rank of its node.

    Last, whether the ranks of a copy answer each by themselves. None for any other variable.
    """
    found = URL.fullmatch(name)
    if found is None or process.role != "router":
        return None
    role, number = found[1].lower(), int(found[2] or 1) - 1
    every = sum(1 for each in process.env if each.startswith(f"SERVEC_{found[1]}_URL"))
    doors = max(1, every // copies(subject, role))
    nodes = len({p.node_rank for p in subject.launch.processes if p.role == role})
    rank = number % doors * nodes // doors if doors > 1 else 0
    return role, number // doors + 1, rank, doors > 1


def at_services(subject: Subject, text: str) -> str:
    """A file of the router's with the Services in the place of this machine, copy by copy."""
    for role in ROLES:
        port = next((p.port for p in subject.launch.processes if p.role == role and p.port), 0)
        for copy in range(1, copies(subject, role) + 1):
            here, there = f"localhost:{port}", f"{service_name(subject, role, copy)}:{port}"
            text = text.replace(here, there, 1) if port else text
    return text
