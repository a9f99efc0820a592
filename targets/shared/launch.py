"""A launch from the processes of its cases: what is the same for every server."""

from __future__ import annotations

from servec.compiler.target import Launch
from servec.targets.shared.api import request_shape, served_name
from servec.targets.shared.capabilities import image_for
from servec.targets.shared.effective import planned
from servec.targets.shared.gguf import gguf_steps
from servec.targets.shared.lora import fetch_steps
from servec.targets.shared.roles import public_port

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from servec.compiler.target import Case, Process


def launch_of(
    cases: tuple[Case, ...],
    processes: Callable[[Case, str], tuple[Process, ...]],
    front: Callable[[Case, Case, str], Process],
) -> Launch:
    """The launch of one case, or of prefill and decode behind a router.

    The downloads come before, the API is that of the first case: roles share one.
    """
    first = cases[0]
    image = image_of(first)
    made = [process for case in cases for process in processes(case, image_of(case))]
    if len(cases) > 1:
        prefill, decode = sorted(cases, key=lambda case: case.role != "prefill")
        made.append(front(prefill, decode, router_image(first) or image))
    return Launch(
        runtime=first.target.name,
        version=first.capabilities.version,
        processes=tuple(made),
        steps=(*gguf_steps(first), *fetch_steps(first.spec)),
        image=image,
        model_name=served_name(first),
        api=request_shape(first),
        port=public_port(first),
        shm=any(planned(case).gpus > 1 for case in cases),
    )


def router_image(case: Case) -> str:
    """The image of the runtime's router, "" where the server's holds it."""
    return image_for(case.target.name, case.capabilities.version, "router", "router")


def image_of(case: Case) -> str:
    """The image the spec pins, else the runtime's own for the device; "" where there is none."""
    block = case.spec.on.get(case.target.name)
    if block is not None and block.image is not None:
        return str(block.image.value)
    vendor, arch = (case.device.vendor, case.device.arch) if case.device else ("", "")
    return image_for(case.target.name, case.capabilities.version, vendor, arch)
