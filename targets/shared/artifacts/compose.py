"""`compose.yaml`: the launch on one host, one service a process."""

from __future__ import annotations

from servec.compiler.target import Artifact
from servec.targets.shared.artifacts.header import comment
from servec.targets.shared.artifacts.scheduling import GRACE
from servec.targets.shared.artifacts.weights import TOKEN, cache_folder, loads
from servec.targets.shared.artifacts.words import known
from servec.targets.shared.artifacts.yaml import dump

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.device import Device
    from servec.compiler.target import Process
    from servec.targets.shared.artifacts.subject import Subject
    from servec.targets.shared.artifacts.yaml import Node

# A model server reads tens of gigabytes before it answers: only then is a failed check a failure.
FILES = "/servec-files"
START_PERIOD = "30m"


def compose_file(subject: Subject) -> Artifact:
    """The compose file. `SERVEC_ROOT` is the project's root, for models given as local paths."""
    services: dict[str, Node] = {}
    taken = 0
    for process in subject.launch.processes:
        services[process.name] = service(subject, process, taken)
        taken += process.gpus
    document: dict[str, Node] = {
        "name": project_name(subject),
        "services": services,
        "volumes": {"weights": {}},
    }
    usage = "# usage, from the project's root: SERVEC_ROOT=$PWD docker compose -f THIS_FILE up\n"
    return Artifact("compose.yaml", "compose", comment(subject) + usage + dump(document))


def project_name(subject: Subject) -> str:
    """Lower case letters, digits, `-` and `_`, as the compose specification asks."""
    raw = f"{subject.deployment}-{subject.target}".lower().replace(".", "-")
    return raw if raw[0].isalnum() else f"s{raw}"


def service(subject: Subject, process: Process, taken: int = 0) -> dict[str, Node]:
    """One service. The image's entry point is replaced, so argv is the whole command.

    Roles share the host's network, where they find each other, and its devices: the first `taken`
    are those of the services before.
    """
    roles = len(subject.launch.processes) > 1
    out: dict[str, Node] = {
        "image": process.image or subject.launch.image,
        "entrypoint": [value(process.image_program or process.argv[0], process)],
        "command": [value(word, process) for word in process.argv[1:]],
        "init": True,
        "restart": "unless-stopped",
        "stop_grace_period": f"{GRACE}s",
    }
    environment = variables(process)
    if environment:
        out["environment"] = environment
    if roles:
        out["network_mode"] = "host"
    elif process.port:
        out["ports"] = [f"{process.port}:{process.port}"]
    if process.port and process.health:
        out["healthcheck"] = health(process)
    mounts: list[Node] = [f"weights:{cache_folder(subject)}"] if loads(process) else []
    mounts.append("${SERVEC_ROOT:-.}:/servec:ro")
    mounts.extend(f"./{name}:{FILES}/{name}:ro" for name in process.files)
    out["volumes"] = mounts
    out["working_dir"] = "/servec"
    if process.gpus:
        out.update(accelerators(subject.case.device, process.gpus, taken if roles else None))
        out["ipc"] = "host"
        out["ulimits"] = {"memlock": -1, "stack": 67108864}
    return out


def value(text: str, process: Process) -> str:
    """A string for compose, which expands `$`: references stay, all else is doubled."""
    name = known(text, process)
    if name in process.env:
        stated = process.env[name]
        fallback = (f"{FILES}/{stated}" if stated in process.files else stated).replace("$", "$$")
        return f"${{{name}:-{fallback}}}"
    if name:
        return f"${{{name}:?set {name} in the environment}}"
    return text.replace("$", "$$")


def variables(process: Process) -> dict[str, Node]:
    """The environment; a secret is passed through by name, the hub's token where there is one."""
    out: dict[str, Node] = {TOKEN: None} if loads(process) else {}
    for name, text in sorted(process.env.items()):
        out[name] = value(f"${{{name}}}" if name.startswith("SERVEC_") else text, process)
    for name in process.secrets:
        out[name] = f"${{{name}:?set {name} in the environment}}"
    return out


def health(process: Process) -> dict[str, Node]:
    """A check from inside the container with what model images have: Python or curl."""
    url = f"http://127.0.0.1:{process.port}{process.health}"
    return {
        "test": ["CMD", "curl", "-fsS", "-o", "/dev/null", url.replace("$", "$$")],
        "interval": "10s",
        "timeout": "5s",
        "retries": 6,
        "start_period": START_PERIOD,
    }


def accelerators(device: Device | None, count: int, first: int | None) -> dict[str, Node]:
    """How a container gets its devices, by vendor; those from `first` on where others take some."""
    vendor = device.vendor if device else "nvidia"
    if vendor == "amd":
        return {"devices": ["/dev/kfd", "/dev/dri"], "group_add": ["video"]}
    if vendor == "intel":
        return {"devices": ["/dev/dri"]}
    which: dict[str, Node] = {"count": count}
    if first is not None:
        which = {"device_ids": [str(number) for number in range(first, first + count)]}
    wanted: Node = {"driver": "nvidia", **which, "capabilities": ["gpu"]}
    return {"deploy": {"resources": {"reservations": {"devices": [wanted]}}}}
