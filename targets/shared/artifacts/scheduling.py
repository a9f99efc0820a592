"""What a pod asks of the node it runs on, and how it ends."""

from __future__ import annotations

import re

from servec.compiler.catalogue.devices import reported

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.device import Device
    from servec.compiler.target import Process
    from servec.targets.shared.artifacts.yaml import Node

RESOURCE = {"nvidia": "nvidia.com/gpu", "amd": "amd.com/gpu", "intel": "gpu.intel.com/xe"}
PRODUCT = "nvidia.com/gpu.product"
"""The label of NVIDIA's feature discovery, in which a blank is a dash (NVIDIA/k8s-device-plugin
docs/gpu-feature-discovery/README.md)."""
LABEL = re.compile(r"[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?")
GRACE = 120
"""Seconds to finish requests that are under way."""
DRAIN = 10
"""Seconds in which Services learn that a pod is about to go, before it is told."""


def resource(device: Device | None) -> str:
    """The extended resource that stands for one device."""
    return RESOURCE.get(device.vendor if device else "nvidia", "nvidia.com/gpu")


def resources(device: Device | None, gpus: int) -> dict[str, Node]:
    """The devices, and the least of processors and memory: without any, a pod is evicted first.

    A choice: a process for each device and one in front, weights read through the page cache.
    """
    wanted: dict[str, Node] = {"cpu": 1 + gpus, "memory": f"{4 + 4 * gpus}Gi"}
    limits: dict[str, Node] = {"limits": {resource(device): gpus}} if gpus else {}
    return {"requests": wanted, **limits}


def placement(device: Device | None, gpus: int) -> dict[str, Node]:
    """The nodes with the device that was planned for come first; their taint is tolerated."""
    if not gpus:
        return {}
    taint: Node = {"key": resource(device), "operator": "Exists", "effect": "NoSchedule"}
    made: dict[str, Node] = {"tolerations": [taint]}
    labels = [name.replace(" ", "-") for name in reported(device.id)] if device else []
    products: list[Node] = [label for label in labels if LABEL.fullmatch(label)]
    if device is not None and device.vendor == "nvidia" and products:
        term: Node = {"key": PRODUCT, "operator": "In", "values": products}
        preferred: Node = {"weight": 100, "preference": {"matchExpressions": [term]}}
        node: Node = {"preferredDuringSchedulingIgnoredDuringExecution": [preferred]}
        made["affinity"] = {"nodeAffinity": node}
    return made


def ending(process: Process) -> dict[str, Node]:
    """A server goes on while Services still send it requests."""
    if not process.port:
        return {}
    return {"lifecycle": {"preStop": {"exec": {"command": ["sleep", str(DRAIN)]}}}}


def rights(together: bool) -> dict[str, Node]:
    """No further rights than the image's own; `together`: memory is pinned for RDMA."""
    made: dict[str, Node] = {"allowPrivilegeEscalation": False}
    if together:
        made["capabilities"] = {"add": ["IPC_LOCK"]}
    return {"securityContext": made}
