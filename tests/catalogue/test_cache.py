"""Cache and state of one token and one sequence, against known values and by layer kind."""

from fractions import Fraction

import pytest

from servec.compiler.catalogue.models import find_model
from servec.compiler.model import Model


def _model(name: str) -> Model:
    found = find_model(name)
    assert found is not None
    return found


def _kv_bytes(model: Model) -> Fraction:
    """Bytes a token adds for good, at 16 bit: windows hold a fixed number of tokens."""
    kinds = ("window", "chunked")
    groups = (g for g in model.groups if g.attention.kind not in kinds)
    return Fraction(sum(2 * g.count * g.attention.kv_elements for g in groups))


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("qwen3-235b-a22b", 192512),
        ("qwen3-32b", 262144),
        ("llama-3.1-8b", 131072),
        ("llama-3.1-70b", 327680),
        ("deepseek-v3", 70272),
        ("kimi-k2", 70272),
    ],
)
def test_bytes_of_a_token_are_the_known_ones(name: str, known: int) -> None:
    assert _kv_bytes(_model(name)) == known


def test_mla_caches_one_latent_whatever_the_config_calls_kv_heads() -> None:
    model = _model("deepseek-v3")
    assert model.mla and model.kv_heads == 1
    assert {g.attention.kv_elements for g in model.groups} == {512 + 64}


def test_glm_5_caches_its_latent_and_not_its_head_dim() -> None:
    model = _model("glm-5.2")
    assert {g.attention.kv_elements - g.attention.index_elements for g in model.groups} == {576}
    assert {g.attention.index_elements for g in model.groups} == {0, 128}


def test_only_full_layers_of_a_hybrid_grow() -> None:
    model = _model("qwen3-next-80b-a3b")
    full = [g for g in model.groups if g.attention.kv_elements]
    assert model.hybrid
    assert sum(g.count for g in full) == 12
    assert {i % 4 for g in full for i in g.indices} == {3}
    assert all(g.attention.state_elements for g in model.groups if g not in full)


def test_gemma_keeps_a_window_in_five_layers_of_six() -> None:
    model = _model("gemma-3-27b")
    windows = [g for g in model.groups if g.attention.window]
    assert model.has_window
    assert sum(g.count for g in windows) == 52
    assert {g.attention.window for g in windows} == {1024}


def test_gpt_oss_keeps_a_window_in_every_other_layer() -> None:
    model = _model("gpt-oss-20b")
    assert [(g.attention.kind, g.count) for g in model.groups] == [("window", 12), ("full", 12)]


def test_a_window_that_is_switched_off_is_none() -> None:
    assert not _model("qwen2.5-7b").has_window
    assert not _model("microsoft/Phi-3-mini-128k-instruct").has_window


def test_values_may_be_narrower_than_keys() -> None:
    groups = _model("mimo-v2-flash").groups
    assert {(g.attention.head_dim, g.attention.v_head_dim) for g in groups} == {(192, 128)}
    assert {g.attention.window for g in groups} == {0, 128}
    assert {g.attention.kv_heads for g in groups} == {4, 8}
    assert _model("mimo-v2-flash").kv_heads == 4  # as stated, those of the full layers


def test_head_dim_is_the_stated_one() -> None:
    assert _model("qwen3-4b").head_dim == 128
    assert _model("qwen3-4b").hidden // _model("qwen3-4b").heads == 80


def test_deepseek_v4_compresses_its_cache_and_keeps_a_window_beside_it() -> None:
    model = _model("deepseek-v4-pro")
    fine = next(g.attention for g in model.groups if g.attention.index_elements)
    assert fine.kv_elements == Fraction(512, 4) + Fraction(128, 4)
    assert (fine.side_elements, fine.side_window) == (512, 128)


def test_layers_without_attention_have_no_cache() -> None:
    model = _model("nemotron-super-49b")
    idle = [g for g in model.groups if g.attention.kind == "none"]
    assert sum(g.count for g in idle) > 20
    assert all(not g.attention.kv_elements for g in idle)
    assert model.kv_heads == 8


def test_layers_are_each_in_one_group() -> None:
    for name in ("nemotron-3-ultra", "kimi-k3", "glm-5.3-flash", "llama-4-maverick", "minimax-m3"):
        model = _model(name)
        places = sorted(i for g in model.groups for i in g.indices)
        assert places == list(range(model.layers)), name
