"""Cache bytes of a token: published figures, splits and dtypes."""

from __future__ import annotations

import pytest

from servec.compiler.memory.constants import constants
from servec.compiler.memory.kv import kv_bytes_per_token, layer_caches
from servec.compiler.plan import Degrees
from tests.memory.make import catalogued, dense

# Bytes of one token on one device, and how the figure comes about.
PUBLISHED = [
    ("qwen3-235b-a22b", "bf16", Degrees(), 192512, "94 x 4 x 128 x 2 x 2"),
    ("qwen3-32b", "bf16", Degrees(), 262144, "64 x 8 x 128 x 2 x 2"),
    ("llama-3.1-8b", "bf16", Degrees(), 131072, "32 x 8 x 128 x 2 x 2"),
    ("llama-3.3-70b", "bf16", Degrees(), 327680, "80 x 8 x 128 x 2 x 2"),
    ("llama-3.3-70b", "fp8", Degrees(8), 20480, "one KV head on each of 8 ranks"),
    ("deepseek-v3", "bf16", Degrees(), 70272, "61 x 576 x 2"),
    ("deepseek-v3", "bf16", Degrees(8), 70272, "a latent cache is not cut by tensor"),
    ("kimi-k2.5-nvfp4", "fp8", Degrees(8), 35136, "log: 166.02 GiB / 5073376 tokens"),
    ("qwen3-8b", "bf16", Degrees(), 147456, "log: 18.69 GiB / 136080 tokens"),
    ("qwen3-235b-a22b", "bf16", Degrees(8), 48128, "4 heads on 8 ranks are held twice"),
    ("gpt-oss-120b", "bf16", Degrees(), 73728, "36 layers x 2048"),
]


@pytest.mark.parametrize(("name", "kv", "degrees", "size", "how"), PUBLISHED)
def test_published_figures(name: str, kv: str, degrees: Degrees, size: int, how: str) -> None:
    assert kv_bytes_per_token(catalogued(name), kv, degrees) == size, how


def test_a_log_of_pool_and_tokens_agrees_to_a_promille() -> None:
    """Kimi-K2-Thinking, vLLM, TP 8: 46.8 GiB hold 715072 tokens (vllm-project/recipes)."""
    size = kv_bytes_per_token(catalogued("kimi-k2"), "bf16", Degrees(8))
    assert 46.8 * 2**30 / size == pytest.approx(715072, rel=0.001)


def test_context_parallel_splits_the_tokens() -> None:
    """The same report with 8 ranks of decode context parallel: 5721088 tokens."""
    size = kv_bytes_per_token(catalogued("kimi-k2"), "bf16", Degrees(1, 1, 1, 8))
    assert 46.8 * 2**30 / size == pytest.approx(5721088, rel=0.001)


def test_the_fullest_stage_counts() -> None:
    model = dense(layers=5)
    per_layer = 2 * 2 * 16 * 2
    assert kv_bytes_per_token(model, "bf16", Degrees(pipeline=2)) == 3 * per_layer


@pytest.mark.parametrize(
    ("kv", "bits"), [("fp8", 8), ("nvfp4", 4.5), ("q8_0", 8.5), ("q4_0", 4.5), ("f16", 16)]
)
def test_scales_are_part_of_an_element(kv: str, bits: float) -> None:
    elements = 4 * 2 * 2 * 16
    assert kv_bytes_per_token(dense(), kv, Degrees()) == round(elements * bits / 8)


def test_a_sparse_cache_in_fp8_keeps_scales_and_rotary_keys() -> None:
    """656 bytes of `fp8_ds_mla` and 132 of the index key in each of 61 layers."""
    assert kv_bytes_per_token(catalogued("deepseek-v3.2"), "fp8", Degrees()) == 61 * (656 + 132)


def test_recurrent_layers_keep_a_state_and_no_tokens() -> None:
    model = catalogued("qwen3.5-27b")
    layers = layer_caches(model, "bf16", 1)
    states = [c for g, c in zip(model.groups, layers, strict=True) if g.attention.kind == "linear"]
    assert states and all(c.token == 0 and c.state > 0 for c in states)
    halved = layer_caches(model, "bf16", 2)
    assert max(c.state for c in halved) == max(c.state for c in layers) / 2
    assert max(c.state for c in layer_caches(model, "bf16", 1, 1, "bf16")) < max(
        c.state for c in layers
    )


def test_a_latent_is_kept_as_heads_where_its_class_keeps_heads() -> None:
    """MiniCPM3 in vLLM: 62 layers x 40 heads x 96 of keys, and of values padded to them, x 2 B."""
    model = catalogued("openbmb/MiniCPM3-4B")
    for version, size in (("0.6.3", 96), ("0.33.0", 96)):
        assert constants("vllm", version).expanded_of(model, "bf16") == size
    cached = layer_caches(model, "bf16", 1, 1, "", 96)
    assert [layer.token for layer in cached] == [2 * 40 * 96 * 2]
