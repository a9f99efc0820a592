"""The checkpoint holds another precision, and nothing converts it.

Checks: the weights that the spec asks for are in the model's own checkpoint, in another checkpoint
    of the catalogue, or can be made by the runtime as it loads or by its tool before.
Because: a runtime serves what the files hold. Quantised formats such as AWQ or NVFP4 need
    calibration, which no runtime does as it loads.
Wrong: target = sglang; model = llama-3.1-8b; hardware = h100 x 1; precision { weights = gptq }
Right: target = sglang; model = llama-3.1-8b; hardware = h100 x 1; precision { weights = fp8 }
Source: catalogue of checkpoints; vllm 0.33.0 quantization/online, sglang 0.5.23
    srt/arg_groups/choices.py QUANTIZATION_CHOICES
"""

from __future__ import annotations

from servec.compiler.rules.labels import at, called, seconds, write
from servec.dsl.diagnostic import Diagnostic, Figure, Fix

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.decide.checkpoint import Loading
    from servec.compiler.target import Case


def check(case: Case, way: Loading | None) -> Diagnostic | None:
    """The finding where no checkpoint holds the weights and none is made, else None."""
    want = case.spec.word("precision.weights")
    if way is not None or case.model is None or want is None:
        return None
    return _diagnose(case, want)


def _diagnose(case: Case, want: str) -> Diagnostic:
    model, spec, name = case.model, case.spec, case.target.name
    assert model is not None
    own = model.quant.weights
    can = sorted({*case.capabilities.quantize_at_load, *case.capabilities.converts})
    made = ", ".join(can) if can else "nothing"
    primary = at(spec, "precision.weights", f"the checkpoint holds {own}")
    return Diagnostic(
        "SRV311",
        "error",
        f"no {want} checkpoint of {called(spec, model)} is known, and {name} makes none",
        primary,
        seconds(primary, at(spec, "model", model.id[:60])),
        (
            Figure("holds", None, f"{model.id} holds {own}"),
            Figure("makes", None, f"{name} {case.capabilities.version} makes {made} of 16 bits"),
        ),
        (
            Fix(f"serve the checkpoint as it is, {own}", write(spec, {"precision.weights": own})),
            Fix(f'name one that exists: checkpoint {{ repo = "…" }} with {want} weights'),
        ),
    )
