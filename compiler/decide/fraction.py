"""The share of device memory that the runtime may take."""

from __future__ import annotations

from fractions import Fraction

from servec.compiler.plan import Reason

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.target import Case

PATH = "limits.memory"
USUAL = Fraction(9, 10)
"""The language's default, which is vLLM's (`gpu_memory_utilization`) too."""


def choose(case: Case) -> Fraction:
    """The bound of the spec as a share; else 90 %, or the runtime's own where its defaults hold,
    less where the system keeps a part.

    On a device whose memory is not known a bound in bytes cannot be a share: then 90 %.
    """
    device = case.device
    bound = case.spec.upper(PATH)
    share = USUAL if case.spec.word("defaults") != "runtime" else _unasked(case)
    if bound is not None:
        value = Fraction(str(bound.value))
        share = value
        if value > 1:
            known = device is not None and device.memory
            share = min(Fraction(1), value / device.memory) if device and known else USUAL
    if bound is None and device is not None and device.memory and device.usable:
        share = min(share, Fraction(device.usable, device.memory))
    return share


def _unasked(case: Case) -> Fraction:
    """What the runtime takes of the device when it is not told; 90 % where that is a share of
    something else.
    """
    from servec.compiler.memory.case import engine_beneath
    from servec.compiler.memory.constants import constants

    table = constants(*engine_beneath(case))
    return Fraction(str(table.share)) if table.knob in ("device", "none") else USUAL


def reason(case: Case, share: Fraction | float) -> Reason | None:
    """Why this share, where the spec does not bound it."""
    if case.spec.upper(PATH) is not None:
        return None
    if share < USUAL and case.device is not None:
        return Reason(PATH, f"{float(share):.0%}: the system of {case.device.name} keeps the rest")
    return Reason(PATH, f"{float(share):.0%}: the rest is for graphs and what others allocate")
