"""The runtime does not run on this hardware.

Checks: the runtime has a build for the device's architecture.
Because: each runtime brings kernels for some chips only. Special builds, plug-ins and
    experimental paths count as reaching a device, but are never chosen before a stock one.
Wrong: target = sglang; model = qwen3-4b; hardware = v100-32g x 1
Right: target = sglang; model = qwen3-4b; hardware = a100-80g x 1
Source: vllm 0.33.0 docs/getting_started/installation; sglang 0.5.23 srt/hardware_backend and
    load_model_utils.py; the capability table of each runtime
"""

from __future__ import annotations

from servec.compiler.rules.labels import at, seconds, write
from servec.dsl.diagnostic import Diagnostic, Figure, Fix

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.target import Case


def diagnose(case: Case) -> Diagnostic:
    """The finding on a device that the runtime has no build for."""
    device, spec, name = case.device, case.spec, case.target.name
    assert device is not None
    why = case.capabilities.refused.get(device.arch, "no build for it")
    named = spec.word("target") == name
    chip = f"{device.generation}, {device.arch}"
    primary = at(
        spec, "target" if named else "hardware", f"no {name} for {device.arch}", "hardware"
    )
    edits = write(spec, {"target": "auto"}) if named else ()
    return Diagnostic(
        "SRV303",
        "error",
        f"{name} does not run on {device.name}",
        primary,
        seconds(primary, at(spec, "hardware", chip[:60])),
        (Figure("why", None, f"{name} {case.capabilities.version}: {why}"),),
        (Fix("let the compiler choose", edits),),
    )
