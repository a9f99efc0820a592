"""Layers that keep a state: alone, beside attention, or in turn with it."""

from servec.compiler.catalogue.models import find_model
from servec.compiler.catalogue.sums import fixed_elements, token_bytes
from servec.compiler.memory.grouped import _kinds
from servec.compiler.memory.kv import layer_caches
from servec.compiler.model import Model


def _model(name: str) -> Model:
    found = find_model(name)
    assert found is not None
    return found


def test_mamba_keeps_no_cache_and_a_state_that_tensor_cuts() -> None:
    model = _model("state-spaces/mamba-2.8b-hf")
    assert model.hybrid and not model.heads and not token_bytes(model)
    # 64 layers of 5120 channels: 16 states each in fp32, and 3 tokens of convolution in 16 bit
    one, two = (layer_caches(model, "bf16", degree)[0].state for degree in (1, 2))
    assert one == 5120 * (16 * 4 + 3 * 2) == 2 * two
    assert fixed_elements(model)[1] == 64 * 5120 * 19


def test_falcon_h1_keeps_both_in_every_layer() -> None:
    model = _model("tiiuae/Falcon-H1-7B-Instruct")
    (group,) = model.groups
    (layer,) = layer_caches(model, "bf16", 1)
    assert group.count == 44 and model.hybrid
    assert layer.token == 2 * 2 * 128 * 2
    assert layer.state == 3072 * 256 * 4 + (3072 + 2 * 256) * 3 * 2
    assert [kind for kind, _, _ in _kinds([(44, layer)])] == ["state", "full"]


def test_jamba_attends_in_every_eighth_layer_and_has_experts_in_every_second() -> None:
    model = _model("ai21labs/Jamba-v0.1")
    kinds = {g.attention.kind: 0 for g in model.groups}
    for group in model.groups:
        kinds[group.attention.kind] += group.count
    assert kinds == {"mamba": 28, "full": 4}
    assert model.moe_layers == 16


def test_lightning_attention_has_a_square_state_a_head() -> None:
    model = _model("MiniMaxAI/MiniMax-Text-01")
    linear = next(g for g in model.groups if g.attention.kind == "linear")
    assert (linear.count, linear.attention.state_elements) == (70, 64 * 128 * 128)
    latent = _model("inclusionAI/Ring-2.5-1T")
    assert sum(g.count for g in latent.groups if g.attention.kind == "mla") == 10


def test_heads_that_differ_by_layer_are_those_of_the_kind() -> None:
    model = _model("poolside/Laguna-XS.2")
    heads = {g.attention.kind: g.attention.heads for g in model.groups}
    assert heads == {"full": 48, "window": 64}
