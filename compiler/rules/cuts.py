"""Quantization blocks against a layout: what rule 403 judges, and planning asks."""

from __future__ import annotations

from math import gcd

from servec.compiler.rules.heads import pads
from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
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
    """The first layer whose blocks this layout cuts, one that the runtime refuses before one that
    it refines.
    """
    model = case.model
    if model is None or degrees.tensor * degrees.data == 1:
        return None
    quant = model.quant
    if case.capabilities.topology.block_split == "pad" or pads(case):
        return None
    if case.plan is not None and case.plan.load != "as_is":
        return None
    if quant.block[0]:
        topology = case.capabilities.topology
        merged = topology.merged_blocks or model.model_type in topology.loose_kv_for
        experts = _expert_cut(case, model, degrees)
        if experts is not None and not experts.refined:
            return experts
        padded = model.architecture in topology.pads_shared_for
        return _dense_cut(model, degrees, merged, padded) or experts
    if not quant.group:
        return None
    if model.experts and "experts" not in quant.kept:
        shared = case.capabilities.topology.shares_blocks_for
        return None if model.model_type in shared else _group_cut(model, degrees)
    return _straddled(model, degrees)


def _expert_cut(case: Case, model: Model, degrees: Degrees) -> Cut | None:
    block, ranks = model.quant.block[0], degrees.moe_tensor
    if not model.experts or "experts" in model.quant.kept or ranks == 1:
        return None
    arch = case.device.arch if case.device is not None else ""
    if arch in case.capabilities.topology.pads_experts_on:
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
    known = not case.capabilities.unread(case.device)
    native = not known or (support and arch in support.native)
    return smaller if smaller >= topology.refine_floor and native else 0


def _dense_cut(model: Model, degrees: Degrees, merged: bool, padded: bool) -> Cut | None:
    """Dense and attention layers: no runtime refines these; only a split can cut them.

    `merged`: the runtime cuts the one matrix of Q, K and V where it likes. `padded`: it pads the
    shared experts.
    """
    tensor, block = degrees.tensor, model.quant.block[1]
    kept = {*model.quant.kept, *(("shared",) if padded else ())}
    if tensor == 1:
        return None
    for group in model.groups:
        ffn, attention = group.ffn, group.attention
        if ffn.kind == "dense" and "dense" not in kept and _cut(ffn.width, tensor, block):
            return Cut("feed-forward layers", ffn.width, tensor, block)
        if ffn.shared_width and "shared" not in kept and _cut(ffn.shared_width, tensor, block):
            return Cut("shared experts", ffn.shared_width, tensor, block)
        plain = attention.kind in ("full", "window", "chunked") and "attention" not in kept
        if plain and not merged:
            width, ranks = _kv_width(attention, tensor)
            if _cut(width, ranks, block):
                return Cut("KV projections", width, ranks, block)
    return None


def _kv_width(attention: Attention, tensor: int) -> tuple[int, int]:
    """Rows of the K projection and the ranks they are cut over: copied heads stay whole."""
    return attention.kv_heads * attention.head_dim, min(tensor, attention.kv_heads or 1)


def _cut(width: int, ranks: int, block: int) -> bool:
    return bool(width % ranks) or bool(width // ranks % block)


def _straddled(model: Model, degrees: Degrees) -> Cut | None:
    """Group-quantized dense layers: a rank's inputs must be whole groups.

    vllm 0.33.0 quantization/auto_awq.py create_weights raises; its Marlin path pads tiles, not
    groups (utils/marlin_utils.py check_marlin_supports_layer).
    """
    tensor, group, kept = degrees.tensor, model.quant.group, model.quant.kept
    if tensor == 1 or model.quant.weights not in ("awq", "gptq"):
        return None
    for layer in model.groups:
        ffn, attention = layer.ffn, layer.attention
        if ffn.kind == "dense" and "dense" not in kept and _cut(ffn.width, tensor, group):
            return Cut("feed-forward layers", ffn.width, tensor, group)
        width = attention.heads * (attention.v_head_dim or attention.head_dim)
        plain = attention.kind in ("full", "window", "chunked") and "attention" not in kept
        if plain and not width % tensor and width // tensor % group:
            return Cut("attention outputs", width, tensor, group)
    return None


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
