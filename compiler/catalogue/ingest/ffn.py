"""Feed-forward layers: dense, and mixtures of experts with all their attachments."""

from __future__ import annotations

from servec.compiler.catalogue.ingest.fields import BadConfig
from servec.compiler.model import Ffn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.catalogue.ingest.shape import Shape
    from servec.compiler.catalogue.ingest.tally import Tally

NONE = Ffn("none")
FIRST = ("first_k_dense_replace", "moe_layer_start_index", "num_dense_layers")
"""Keys that say how many layers at the start are dense."""


def dense(shape: Shape, tally: Tally, width: int, matrices: int = 0) -> Ffn:
    """Count a dense layer of `width`, with a gate (3 matrices) or without (2).

    Unless given, the model's class says how many there are.
    """
    hidden, bias = shape.hidden, int(_biased(shape))
    matrices = matrices or (2 if shape.has("ungated") else 3)
    if matrices == 3:
        tally.matrix("dense", "mlp.gate_proj", width, hidden, bias=bias * width)
    tally.matrix("dense", "mlp.up_proj", width, hidden, bias=bias * width)
    down = bias or int(shape.has("down_bias"))
    tally.matrix("dense", "mlp.down_proj", hidden, width, bias=down * hidden)
    return Ffn("dense", width, params=tally.params("dense"), matrices=matrices)


def _biased(shape: Shape) -> bool:
    """Whether a dense layer's projections have biases: by class, or as its config says."""
    if shape.has("mlp_by_key"):
        return shape.text.flag("bias") or shape.text.flag("use_bias")
    return shape.has("mlp_bias") or shape.text.flag("mlp_bias")


def is_moe(shape: Shape, layer: int) -> bool:
    """Whether `layer` has experts, in any of the ways configs say so."""
    if not shape.experts:
        return False
    text = shape.text
    kinds = text.data.get("mlp_layer_types")
    if isinstance(kinds, list):
        return text.words("mlp_layer_types")[layer : layer + 1] == ("sparse",)
    if text.has("moe_layers_enum"):
        return str(layer) in text.word("moe_layers_enum").split(",")
    if text.is_list("moe_layer_freq"):
        return any(text.counts("moe_layer_freq")[layer : layer + 1])
    if shape.model_type == "jamba":
        period = max(1, text.whole("expert_layer_period", 2))
        return shape.experts > 1 and layer % period == text.whole("expert_layer_offset", 1)
    if shape.model_type == "llama4_text":
        return (layer + 1) % max(1, text.whole("interleave_moe_layer_step", 1)) == 0
    if layer < text.first(*FIRST):
        return False
    if layer in text.counts("mlp_only_layers"):
        return False
    return (layer + 1) % max(1, text.whole("decoder_sparse_step", 1)) == 0


def moe(shape: Shape, tally: Tally, experts: int = 0, used: int = 0) -> Ffn:
    """Count a mixture; `experts` and `used` are the shape's unless given."""
    text, hidden, width = shape.text, shape.hidden, shape.expert_width
    experts, used = experts or shape.experts, used or shape.used
    biased = int(shape.has("expert_bias"))
    tally.matrix("router", "mlp.gate", experts, hidden, bias=biased * experts, plain=True)
    if _routes_with_bias(shape):
        tally.vector("router", experts)
    inner = text.first("routed_expert_hidden_size", "moe_latent_size") or hidden
    if inner != hidden:
        tally.matrix("shared", "mlp.fc1_latent_proj", inner, hidden)
        tally.matrix("shared", "mlp.fc2_latent_proj", hidden, inner)
        if text.flag("latent_moe_use_norm"):
            tally.vector("shared", inner)
    matrices = 2 if shape.has("two_matrices") else 3
    for name in ("gate_proj", "up_proj")[3 - matrices :]:
        tally.matrix("experts", f"mlp.experts.{name}", width, inner, experts, biased * width)
    tally.matrix("experts", "mlp.experts.down_proj", inner, width, experts, biased * hidden)
    shared = _shared_width(shape)
    if shared:
        shared_mlp(shape, tally, shared, matrices)
    return mixture(tally, width, experts, used, shared, matrices)


def shared_mlp(shape: Shape, tally: Tally, width: int, matrices: int) -> None:
    """Count the experts that every token passes, as the one dense layer they are stored as."""
    for name in ("gate_proj", "up_proj")[3 - matrices :]:
        tally.matrix("shared", f"mlp.shared_experts.{name}", width, shape.hidden)
    tally.matrix("shared", "mlp.shared_experts.down_proj", shape.hidden, width)
    if shape.has("shared_gate"):
        tally.matrix("shared", "mlp.shared_expert_gate", 1, shape.hidden, whole=True, plain=True)


def mixture(tally: Tally, width: int, experts: int, used: int, shared: int, matrices: int) -> Ffn:
    """The `Ffn` of what was counted; `BadConfig` where there are no experts."""
    if not experts:
        raise BadConfig("the number of experts is missing")
    return Ffn(
        "moe",
        width,
        experts=experts,
        used=used,
        expert_params=tally.params("experts") // experts,
        shared_params=tally.params("shared"),
        shared_width=shared,
        router_params=tally.params("router"),
        matrices=matrices,
    )


def _routes_with_bias(shape: Shape) -> bool:
    text = shape.text
    return (
        text.word("topk_method") == "noaux_tc"
        or text.flag("use_routing_bias")
        or text.flag("moe_router_enable_expert_bias")
        or shape.has("router_bias")
    )


def _shared_width(shape: Shape) -> int:
    if shape.model_type == "llama4_text":
        return shape.expert_width
    text = shape.text
    if text.flag("residual_moe"):
        return shape.width
    if shape.model_type == "arctic" and text.flag("use_residual", True):
        return shape.hidden
    stated = text.first(
        "shared_expert_intermediate_size",
        "moe_shared_expert_intermediate_size",
        "share_expert_dim",
        "shared_intermediate_size",
    )
    if stated:
        return stated
    keys = ("n_shared_experts", "num_shared_experts", "num_shared_expert", "moe_num_shared_experts")
    return text.first(*keys) * shape.expert_width
