"""The precision that a plan serves, where it is not what the checkpoint holds."""

from __future__ import annotations

from servec.compiler.model import Quant

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.memory.figures import Constants
    from servec.compiler.model import Model
    from servec.compiler.plan import Plan
    from servec.compiler.target import Case

PLAIN = ("bf16", "fp16", "f16")
KEPT = frozenset({"embed", "head", "router", "vision"})
"""What quantisers leave in 16 bit (vLLM 0.33.0 quantization/online, ModelOpt and llm-compressor
defaults: `lm_head`, gates and vision towers are ignored, embeddings are no linear layers)."""

_kept: dict[tuple[int, str], tuple[Model, Quant]] = {}


def served_quant(model: Model, plan: Plan) -> Quant:
    """How the weights lie in memory under `plan`. Kept by the model's identity and the scheme."""
    own = model.quant
    if plan.weights in ("", own.scheme) or (plan.weights in PLAIN and own.scheme in PLAIN):
        return own
    return quant_as(model, plan.weights)


def wide(case: Case, table: Constants) -> bool:
    """Whether weights of 16 bit lie in 32: asked for, or unasked of model types that do not run in
    FP16 on a device without BF16 (`Constants.wide`)."""
    word, device, model = case.spec.word("precision.compute"), case.device, case.model
    if word is not None or model is None or device is None:
        return word == "fp32"
    narrow = bool(device.flops.get("fp16")) and not device.flops.get("bf16")
    return case.spec.word("defaults") == "runtime" and narrow and model.model_type in table.wide


def quant_as(model: Model, scheme: str) -> Quant:
    """How `model` would be stored in `scheme`: a scheme of the tables or a GGUF or MLX word."""
    key = (id(model), scheme)
    found = _kept.get(key)
    if found is not None and found[0] is model:
        return found[1]
    made = _make(model, scheme)
    if len(_kept) > 256:
        _kept.clear()
    _kept[key] = (model, made)
    return made


def _make(model: Model, scheme: str) -> Quant:
    from servec.compiler.catalogue.precision import bits_per_weight, gguf_types, word_of

    if scheme in gguf_types() or scheme == "q3_k_m":
        from servec.compiler.memory.gguf_mix import mixed_quant

        return mixed_quant(model, scheme)
    bits = bits_per_weight(scheme) or 16
    kept = frozenset() if scheme.startswith("mlx") or bits >= 16 else KEPT
    return Quant(method="", scheme=scheme, weights=word_of(scheme), bits=bits, kept=kept)
