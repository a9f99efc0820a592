"""Tensor split cuts quantization blocks.

Checks: what each rank holds of a quantized layer is whole blocks: blocks of block FP8 (128 x 128,
    32 x 32), groups of AWQ and GPTQ, of NVFP4 and MXFP4.
Because: the scale of a block stands for all its weights. Where a split cuts a block, vLLM up to
    0.22 and SGLang refuse to build the layer. vLLM 0.33 refines the scales to a smaller block in
    experts, down to 32, on its Triton kernels, which need native FP8. LMDeploy pads. TensorRT-LLM
    starts and computes wrongly, so servec refuses it there.
Wrong: target = sglang; model = qwen3-235b-a22b; hardware = h200 x 8
    parallel { tensor = 8; expert = 1 }
Right: target = sglang; model = qwen3-235b-a22b; hardware = h200 x 8
    parallel { tensor = 8; expert = 8 }
Source: vllm 0.22.1 quantization/fp8.py Fp8MoEMethod.create_weights, vllm 0.33.0
    fused_moe/oracle/fp8.py refine_fp8_moe_block_shape, utils/fp8_utils.py
    validate_fp8_block_shape, moe_wna16.py, auto_awq.py create_weights; sglang 0.5.12 and
    0.5.23 quantization/fp8.py create_weights; TensorRT-LLM _torch/modules/linear.py
    load_weight_shard; lmdeploy 0.18.0 turbomind/builders/ffn.py
"""

from __future__ import annotations

from servec.compiler.rules.cuts import cuts
from servec.compiler.rules.labels import at, called, seconds, write
from servec.dsl.diagnostic import Diagnostic, Figure, Fix

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fractions import Fraction

    from servec.compiler.plan import Degrees
    from servec.compiler.rules.cuts import Cut
    from servec.compiler.target import Case


def check(case: Case) -> Diagnostic | None:
    """The finding on a planned case, else None."""
    found = cuts(case, case.plan.degrees) if case.plan is not None else None
    return _diagnose(case, found) if found is not None and not found.refined else None


def _diagnose(case: Case, cut: Cut) -> Diagnostic:
    model, plan, spec = case.model, case.plan, case.spec
    assert model is not None and plan is not None
    degrees = plan.degrees
    columns = _exact(cut.width, cut.ranks)
    blocks = _exact(cut.width, cut.ranks * cut.block)
    path = "parallel.tensor" if spec.setting("parallel.tensor") else "hardware"
    unit = "expert columns" if cut.part == "experts" else "columns"
    primary = at(spec, path, f"gives each GPU {_show(columns)} of {cut.width} {unit}")
    shape = "x".join(str(b) for b in model.quant.block) if model.quant.block[0] else str(cut.block)
    stored = at(spec, "precision.weights", f"stored in blocks of {shape.replace('x', ' x ')}")
    split = f"`tensor = {degrees.tensor}`" if degrees.tensor > 1 else f"`data = {degrees.data}`"
    return Diagnostic(
        "SRV403",
        "error",
        f"{split} cuts {plan.weights_word} blocks in the {cut.part} of {called(spec, model)}"
        f" for {case.target.name}",
        primary,
        seconds(primary, stored, at(spec, "parallel.expert", f"expert is {degrees.expert}")),
        _figures(case, cut, columns, blocks),
        _fixes(case, cut),
    )


def _figures(
    case: Case, cut: Cut, columns: int | Fraction, blocks: int | Fraction
) -> tuple[Figure, ...]:
    shown = "; ".join(str(d) for d in _others(case)[:3])
    lines = [
        Figure(
            "columns_per_gpu",
            columns,
            f"{cut.width} / {cut.ranks} = {_show(columns)} columns;"
            f" {_show(columns)} / {cut.block} = {_show(blocks)} blocks, which must be whole",
        ),
        Figure("blocks_per_gpu", blocks, ""),
        Figure("block", cut.block, ""),
    ]
    if shown:
        lines.append(Figure("possible", None, f"possible: {shown}"))
    return tuple(lines)


def _others(case: Case) -> list[Degrees]:
    """The layouts that the runtime takes: whole blocks before refined ones, fewer stages first,
    then those that change least.
    """
    from servec.compiler.decide.legal import NAMES, legal_layouts, ragged

    assert case.plan is not None
    now = case.plan.degrees

    def order(other: Degrees) -> tuple[bool, int, int]:
        changed = sum(getattr(now, name) != getattr(other, name) for name in NAMES)
        return ragged(case, other), other.pipeline, changed

    return sorted((d for d in legal_layouts(case) if d != now), key=order)


def _exact(over: int, under: int) -> int | Fraction:
    from fractions import Fraction

    found = Fraction(over, under)
    return found.numerator if found.denominator == 1 else found


def _show(number: int | Fraction) -> str:
    return f"{float(number):g}"


def _fixes(case: Case, cut: Cut) -> tuple[Fix, ...]:
    from servec.compiler.decide.legal import nearest_legal

    plan, model = case.plan, case.model
    assert plan is not None and model is not None
    found = None
    if cut.part == "experts":
        found = nearest_legal(case, ("expert",), lambda degrees: degrees.moe_tensor == 1)
        found = found or nearest_legal(case, ("expert",))
    found = found or nearest_legal(case, ("tensor", "pipeline", "data", "expert"))
    if found is None:
        return (Fix("take another precision, or fewer GPUs"),)
    values = {
        "parallel." + name: str(getattr(found, name))
        for name in ("tensor", "pipeline", "data", "expert")
        if getattr(found, name) != getattr(plan.degrees, name)
    }
    if found.moe_tensor == 1 and cut.part == "experts":
        each = f"{model.experts} / {found.expert} = {model.experts / found.expert:g}"
        title = f"keep each expert whole, {each} experts on each GPU"
    else:
        title = f"split as {found}"
    return (Fix(title, write(case.spec, values)),)
