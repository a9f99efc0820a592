"""The kind of hardware is not stated, so that what depends on it is left out.

Checks: `hardware` names a kind, not `any`.
Because: memory, native precisions, links and rates are those of a device. Degrees, options and
    the model are still checked; whether it fits and how fast it is are not.
Wrong: target = vllm; hardware = any x 8
Right: target = vllm; hardware = h100 x 8
Source: table of devices
"""

from __future__ import annotations

from servec.compiler.rules.labels import at
from servec.dsl.diagnostic import Diagnostic, Figure, Fix

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.dsl.spec import Spec


def diagnose(spec: Spec) -> Diagnostic:
    """The one note on a spec whose hardware is `any x N`."""
    return Diagnostic(
        "SRV315",
        "note",
        "the kind of hardware is not stated: memory and speed are not judged",
        at(spec, "hardware", "any kind", "hardware"),
        (),
        (Figure("judged", None, "still judged: options, degrees, heads, experts, context"),),
        (Fix("state the kind, as in `hardware = h100 x 8`; `servec hardware list` has the names"),),
    )
