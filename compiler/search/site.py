"""What a deployment stands on: its model and devices, one alternative after the other."""

from __future__ import annotations

from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.decide.checkpoint import Loading
    from servec.compiler.device import Device
    from servec.compiler.model import Model
    from servec.dsl.spec import Spec


@record
class Site:
    """A spec (or a role of one) on one of its models and one of its kinds of hardware.

    `model` is None where nothing is known of it, and so is `device` where its kind is not stated.
    `files` are the checkpoints that may be served whatever the runtime, best first. `hardware` is
    the count as the spec writes it (`h200 x 8`). `draft` is the draft model, None without one.
    """

    spec: Spec
    model: Model | None
    device: Device | None
    per_node: int
    hardware: str
    files: tuple[Loading, ...] = ()
    draft: Model | None = None


Alternative = tuple[Site, ...]
"""One site, or that of prefill and that of decode."""
