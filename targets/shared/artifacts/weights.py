"""Where a container keeps what it fetches from the hub, and the token it fetches with."""

from __future__ import annotations

from servec.targets.shared.capabilities import claimed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.target import Process
    from servec.targets.shared.artifacts.subject import Subject

USUAL = "/root/.cache/huggingface"
"""The hub's cache of the images that run as root (huggingface_hub constants.py HF_HOME)."""
TOKEN = "HF_TOKEN"
PLACES = ("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "HF_HOME")
"""Variables by which the hub's client is told another place."""


def cache_folder(subject: Subject) -> str:
    """Where the spec says, else where the image has it: the claim `cache` of the target."""
    launch = subject.launch
    for process in launch.processes:
        told = next((process.env[name] for name in PLACES if name in process.env), "")
        if told.startswith("/"):
            return told.rstrip("/") or USUAL
    try:
        return str(claimed(launch.runtime, launch.version, "cache"))
    except (KeyError, OSError):
        return USUAL


def loads(process: Process) -> bool:
    """Whether a process may fetch weights, which a gated model gives to a token alone."""
    return process.role != "router"
