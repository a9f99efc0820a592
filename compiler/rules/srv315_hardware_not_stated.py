"""Not all of the hardware is known, so that what depends on it is left out.

Checks: `hardware` names a device of the table: not `any`, not an architecture alone (`sm86`,
    `gfx1151`, `cpu-x86`), not by memory alone (`any-80g`), not a card with other memory than its
    own (`rtx-4090-48g`); and the runtime reaches it by kernels that its tables hold.
Because: memory, links and rates are those of a device, native precisions those of its
    architecture. What a plug-in or a build of one's own runs, no table says. What rests on what
    is known is still checked.
Wrong: target = vllm; hardware = any x 8
Right: target = vllm; hardware = h100 x 8
Source: table of devices; table of architectures
"""

from __future__ import annotations

from servec.compiler.rules.labels import at
from servec.dsl.diagnostic import Diagnostic, Figure, Fix

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.device import Device
    from servec.compiler.target import Case
    from servec.dsl.spec import Spec


def diagnose(spec: Spec, device: Device) -> Diagnostic:
    """The one note on a spec whose hardware is `any x N`, an architecture, or a rebuilt card."""
    name = device.name
    if device.memory and (device.any or device.bare):
        known = "the memory is" if device.any else "architecture and memory are"
        left = "kernels and speed are" if device.any else "speed is"
        title = f"of `{name}` only {known} known: {left} not judged"
        label, judged = "no device", "still judged: memory, options, degrees, context"
    elif device.any:
        title = "the kind of hardware is not stated: memory and speed are not judged"
        label, judged = "any kind", "still judged: options, degrees, heads, experts, context"
    elif device.bare:
        title = f"of `{name}` only the architecture is known: memory and speed are not judged"
        label = "no device"
        judged = "still judged: options, degrees, context, kernels of the tables"
    else:
        title = f"`{name}` has other memory than the card in the table: what is stated is judged"
        label, judged = "as stated", f"{device.memory / 2**30:.1f} GiB; rates are those of the card"
    fix = "state the kind, as in `hardware = h100 x 8`; `servec hardware list` has the names"
    return Diagnostic(
        "SRV315",
        "note",
        title[:100],
        at(spec, "hardware", label, "hardware"),
        (),
        (Figure("judged", None, judged),),
        (Fix(fix),) if device.any or device.bare else (),
    )


def apart(case: Case) -> Diagnostic | None:
    """The note on a device that the runtime reaches by a plug-in or a build of one's own."""
    device = case.device
    assert device is not None
    how = case.capabilities.reach[device.arch].partition(":")[2].strip()
    runtime = f"{case.target.name} {case.capabilities.version}"
    return Diagnostic(
        "SRV315",
        "note",
        f"{case.target.name} on {device.arch}: its kernels and methods are not in the tables"[:100],
        at(case.spec, "hardware", device.arch, "hardware"),
        (),
        (
            Figure("reach", None, f"{runtime}: {how}"),
            Figure("judged", None, "not judged: what the weights, the cache and the types run on"),
        ),
    )
