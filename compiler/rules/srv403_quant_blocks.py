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
    validate_fp8_block_shape, moe_wna16.py; sglang 0.5.12 and 0.5.23 quantization/fp8.py
    create_weights; TensorRT-LLM _torch/modules/linear.py load_weight_shard; lmdeploy 0.18.0
    turbomind/builders/ffn.py
"""

from __future__ import annotations

from math import gcd

from servec.compiler.rules.labels import at, called, seconds, write
from servec.dsl.diagnostic import Diagnostic, Figure, Fix
from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fractions import Fraction

    from servec.compiler.model import Attention, Model
    from servec.compiler.plan import Degrees
    from servec.compiler.target import Case

WNA16_FLOOR = 32
"""Smallest group to which the MoE WNA16 kernels halve one (vllm 0.22.1, 0.33.0 moe_wna16.py)."""


@record
class Cut:
    """One kind of layer that a layout cuts: `width` over `ranks`, in blocks of `block`.

    `part` is `experts` or a name of the layer; `refined` the smaller block the runtime can use
    instead, 0 where it refuses.
    """

    part: str
    width: int
    ranks: int
    block: int
    refined: int = 0


def cuts(case: Case, degrees: Degrees) -> Cut | None:
    """The first layer whose blocks this layout cuts, whether or not the runtime takes it."""
    model = case.model
    if model is None or case.capabilities.topology.block_split == "pad":
        return None
    quant = model.quant
    if case.plan is not None and case.plan.load != "as_is":
        return None
    if quant.block[0]:
        return _expert_cut(case, model, degrees) or _dense_cut(model, degrees)
    if quant.group and model.experts and "experts" not in quant.kept:
        return _group_cut(model, degrees)
    return None


def breaks(case: Case, degrees: Degrees) -> bool:
    """Whether the runtime refuses this layout because of a cut."""
    model = case.model
    if model is None or degrees.tensor * degrees.data == 1:
        return False
    if not model.quant.block[0] and not model.quant.group:
        return False
    found = cuts(case, degrees)
    return found is not None and not found.refined


def _expert_cut(case: Case, model: Model, degrees: Degrees) -> Cut | None:
    block, ranks = model.quant.block[0], degrees.moe_tensor
    if not model.experts or "experts" in model.quant.kept or ranks == 1:
        return None
    if model.quant.expert_scheme and model.quant.expert_scheme != model.quant.scheme:
        block = 32 if "4" in model.quant.expert_scheme else block
    per, left = divmod(model.expert_width, ranks)
    if not left and per % block == 0:
        return None
    return Cut("experts", model.expert_width, ranks, block, _refined(case, model, per, left))


def _refined(case: Case, model: Model, per: int, left: int) -> int:
    """The block to which the runtime refines the scales of a cut expert, 0 where it refuses."""
    topology = case.capabilities.topology
    if topology.block_split != "refine" or left:
        return 0
    smaller = gcd(model.quant.block[0], per, model.hidden)
    support = case.capabilities.precisions.get(model.quant.scheme)
    arch = case.device.arch if case.device is not None else ""
    native = case.device is None or case.device.any or (support and arch in support.native)
    return smaller if smaller >= topology.refine_floor and native else 0


def _dense_cut(model: Model, degrees: Degrees) -> Cut | None:
    """Dense and attention layers: no runtime refines these; only a split can cut them."""
    tensor, block, kept = degrees.tensor, model.quant.block[1], model.quant.kept
    if tensor == 1:
        return None
    for group in model.groups:
        ffn, attention = group.ffn, group.attention
        if ffn.kind == "dense" and "dense" not in kept and _cut(ffn.width, tensor, block):
            return Cut("feed-forward layers", ffn.width, tensor, block)
        if ffn.shared_width and "shared" not in kept and _cut(ffn.shared_width, tensor, block):
            return Cut("shared experts", ffn.shared_width, tensor, block)
        if attention.kind in ("full", "window", "chunked") and "attention" not in kept:
            width, ranks = _kv_width(attention, tensor)
            if _cut(width, ranks, block):
                return Cut("KV projections", width, ranks, block)
    return None


def _kv_width(attention: Attention, tensor: int) -> tuple[int, int]:
    """Rows of the K projection and the ranks they are cut over: copied heads stay whole."""
    return attention.kv_heads * attention.head_dim, min(tensor, attention.kv_heads or 1)


def _cut(width: int, ranks: int, block: int) -> bool:
    return bool(width % ranks) or bool(width // ranks % block)


def _group_cut(model: Model, degrees: Degrees) -> Cut | None:
    """Group-quantized experts: kernels halve the group until it divides, down to a floor."""
    ranks = degrees.moe_tensor
    per, left = divmod(model.expert_width, ranks)
    group = model.quant.group
    if ranks == 1 or (not left and per % group == 0):
        return None
    if model.quant.weights in ("nvfp4", "mxfp4"):
        return Cut("experts", model.expert_width, ranks, group) if per % group or left else None
    smaller = group
    while not left and smaller >= WNA16_FLOOR and (per % smaller or model.hidden % smaller):
        smaller //= 2
    refined = smaller if smaller >= WNA16_FLOOR and not left else 0
    return Cut("experts", model.expert_width, ranks, group, refined)


def check(case: Case) -> Diagnostic | None:
    """The finding on a planned case, else None."""
    if case.plan is None or not breaks(case, case.plan.degrees):
        return None
    found = cuts(case, case.plan.degrees)
    assert found is not None
    return _diagnose(case, found)


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
    from servec.compiler.decide.legal import legal_layouts

    others = [d for d in legal_layouts(case) if case.plan is None or d != case.plan.degrees]
    shown = "; ".join(str(d) for d in others[-3:])
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
