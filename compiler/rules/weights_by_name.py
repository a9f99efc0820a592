"""SRV307 on a repository of which only its name is known, where even that is too much."""

from __future__ import annotations

from servec.compiler.memory.by_name import least_bytes
from servec.compiler.memory.table import each, gib
from servec.compiler.rules.labels import at, seconds
from servec.dsl.diagnostic import Diagnostic, Figure, Fix

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.target import Case


def check(case: Case) -> Diagnostic | None:
    """The error where the weights that a name tells of do not fit the devices of the plan in four
    bits, whatever else they need; None where they may, or something may stay on the host."""
    spec, plan, device = case.spec, case.plan, case.device
    if plan is None or device is None or not device.memory or device.unified:
        return None
    if case.capabilities.moves or any(path.startswith("offload.") for path in spec.settings):
        return None
    ranks = plan.degrees.tensor * plan.degrees.pipeline * plan.degrees.data
    name = spec.word("model") or ""
    least = least_bytes(name) / ranks
    if least <= device.memory:
        return None
    primary = at(spec, "model", "its name tells how large it is")
    title = f"`{name[:48]}` does not fit: over {gib(least)} in four bits, {gib(device.memory)}"
    return Diagnostic(
        "SRV307",
        "error",
        f"{title} {each(case)}",
        primary,
        seconds(primary, at(spec, "hardware", f"{gib(device.memory)} {each(case)}")),
        (Figure("least", round(least), f"in 16 bits, {gib(least * 4)} {each(case)}"),),
        (Fix("use more devices, larger ones, or a smaller model"),),
    )
