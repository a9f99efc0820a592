"""A launch from the processes of its cases: what is the same for every server."""

from __future__ import annotations

from servec.compiler.target import Launch
from servec.targets.shared.api import port_of, request_shape, served_name
from servec.targets.shared.capabilities import image_for
from servec.targets.shared.effective import planned
from servec.targets.shared.lora import fetch_steps

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from servec.compiler.target import Case, Process


def launch_of(
    cases: tuple[Case, ...], processes: Callable[[Case, str], tuple[Process, ...]]
) -> Launch:
    """The launch of one case: its processes, the downloads before them, and its API."""
    case = cases[0]
    image = image_of(case)
    return Launch(
        runtime=case.target.name,
        version=case.capabilities.version,
        processes=processes(case, image),
        steps=fetch_steps(case.spec),
        image=image,
        model_name=served_name(case),
        api=request_shape(case),
        port=port_of(case),
        shm=planned(case).gpus > 1,
    )


def image_of(case: Case) -> str:
    """The image the spec pins, else the runtime's own for the device; "" where there is none."""
    block = case.spec.on.get(case.target.name)
    if block is not None and block.image is not None:
        return str(block.image.value)
    vendor, arch = (case.device.vendor, case.device.arch) if case.device else ("", "")
    return image_for(case.target.name, case.capabilities.version, vendor, arch)
