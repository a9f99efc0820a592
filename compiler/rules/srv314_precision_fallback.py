"""The precision is stored, but the hardware does not multiply it natively.

Checks: the device has matrix units for the type of the weights.
Because: the runtime then unpacks the weights to 16 bits as it computes: memory and bandwidth are
    saved, arithmetic is that of 16 bits. That is often what one wants, and worth knowing.
Wrong: target = vllm; model = qwen3-32b; hardware = a100-80g x 2; precision { weights = fp8 }
Right: target = vllm; model = qwen3-32b; hardware = h100 x 2; precision { weights = fp8 }
Source: precision tables of the runtimes (vllm 0.33.0 kernels/linear/scaled_mm/marlin.py);
    hardware table, native types
"""

from __future__ import annotations

from servec.compiler.rules.labels import at, seconds
from servec.dsl.diagnostic import Diagnostic, Figure

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.target import Case


def check(case: Case) -> Diagnostic | None:
    """The note on a planned case, else None."""
    plan, device = case.plan, case.device
    if plan is None or plan.native or device is None or case.capabilities.unread(device):
        return None
    spec, word = case.spec, plan.weights_word
    primary = at(spec, "precision.weights", "stored so, computed in 16 bits")
    native = ", ".join(sorted(device.native)) or "16 bits"
    return Diagnostic(
        "SRV314",
        "note",
        f"{device.name} stores {word} but does not multiply it natively in {case.target.name}",
        primary,
        seconds(primary, at(spec, "hardware", device.arch)),
        (
            Figure("native", None, f"{device.name} ({device.arch}) multiplies {native}"),
            Figure("fallback", None, f"{case.target.name}: {plan.fallback}"),
            Figure("saved", None, "memory and bandwidth are saved all the same"),
        ),
    )
