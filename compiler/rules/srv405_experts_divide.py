"""Experts cannot be shared out whole over the expert degree.

Checks: the experts of a layer divide by `parallel.expert`, in runtimes that ask for it.
Because: SGLang and LMDeploy refuse a remainder, TensorRT-LLM would drop it. vLLM gives the first
    ranks one expert more, so there it is legal, unless its balancer moves experts: `balance =
    dynamic`, where experts and their copies count together.
Wrong: model = qwen3-235b-a22b; target = sglang; hardware = h200 x 6
    parallel { tensor = 2; data = 3; expert = 6 }
Right: model = qwen3-235b-a22b; target = sglang; hardware = h200 x 8
    parallel { tensor = 4; data = 2; expert = 8 }
Source: sglang 0.5.23 layers/moe/fused_moe_triton/layer.py; lmdeploy 0.18.0
    turbomind/builders/moe.py; TensorRT-LLM tensorrt_llm/mapping.py; vllm 0.9.2 to 0.33.0
    model_executor/layers/fused_moe/layer.py: EPLB currently only supports even distribution
"""

from __future__ import annotations

from servec.compiler.rules.expressible import uneven_experts
from servec.compiler.rules.labels import at, called, seconds, write
from servec.dsl.diagnostic import Diagnostic, Figure, Fix

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.target import Case


def check(case: Case) -> Diagnostic | None:
    """The finding on a planned case, else None."""
    if case.plan is None or not uneven_experts(case, case.plan.degrees):
        return None
    model, spec, expert = case.model, case.spec, case.plan.degrees.expert
    assert model is not None
    held = model.experts + (spec.whole("moe.redundant") or 0)
    path = "parallel.expert" if spec.setting("parallel.expert") else "hardware"
    primary = at(spec, path, f"leaves {held % expert} experts over")
    return Diagnostic(
        "SRV405",
        "error",
        f"{held} experts of {called(spec, model)} do not divide by `expert = {expert}`",
        primary,
        seconds(primary, at(spec, "model", f"{model.experts} experts in each layer")),
        (
            Figure(
                "experts_left",
                held % expert,
                f"{held} = {held // expert} x {expert} + {held % expert},"
                f" and {case.target.name} refuses a remainder",
            ),
        ),
        _fixes(case, -held % expert),
    )


def _fixes(case: Case, short: int) -> tuple[Fix, ...]:
    from servec.compiler.decide.legal import nearest_legal

    if case.spec.word("moe.balance") == "dynamic":
        copies = (case.spec.whole("moe.redundant") or 0) + short
        filled = write(case.spec, {"moe.redundant": str(copies)})
        return (Fix(f"keep {copies} copies of experts, which fill the ranks up", filled),)
    found = nearest_legal(case, ("expert",))
    if found is None:
        return ()
    title = f"spread over {found.expert}" if found.expert > 1 else "cut the experts by tensor"
    return (Fix(title, write(case.spec, {"parallel.expert": str(found.expert)})),)
