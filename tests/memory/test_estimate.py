"""The sum of a planned case: budget, what must fit, verdict and band."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from servec.compiler.catalogue.devices import ANY_DEVICE
from servec.compiler.memory.estimate import estimate
from servec.compiler.plan import Degrees
from servec.dsl.record import replace
from tests.memory.make import case, dense

GIB = 1 << 30


def test_the_reference_example() -> None:
    """diagnostics reference, SRV307: 65.7 GiB of weights, 40 GiB of KV, 71.7 GiB usable."""
    found = estimate(
        case("llama-3.3-70b", "h100", Degrees(2), seqs=8, limits__context=32768, limits__batch=8)
    )
    assert round(found.weights / GIB, 1) == 65.7
    assert found.needed_kv == 40 * GIB
    assert found.needed_tokens == 262144
    assert found.budget is not None and round(found.budget / GIB, 1) == 71.7
    assert found.fits is False
    assert found.margin == pytest.approx(
        found.budget - found.weights - found.activation - found.overhead - found.needed_kv, abs=2
    )


def test_the_lines_add_up() -> None:
    found = estimate(case("qwen3-235b-a22b-fp8", "h200", Degrees(8, expert=8)))
    lines = {item.name: item.bytes for item in found.items}
    assert lines["weights"] == found.weights
    assert lines["KV cache"] == found.needed_kv
    rest = lines["activations"] + lines["graphs"] + lines["runtime"]
    assert rest == pytest.approx(found.activation + found.overhead, abs=3)
    assert all(item.bytes > 0 for item in found.items)


def test_the_pool_is_what_is_left_of_the_budget() -> None:
    found = estimate(case("qwen3-8b", "a100-40g"))
    assert found.budget is not None
    left = found.budget - found.weights - found.activation - found.overhead
    assert found.kv_pool == pytest.approx(left, abs=3)
    assert found.pool_tokens * found.kv_per_token <= found.kv_pool + found.kv_per_token


# Available KV cache memory in GiB on one GPU, and where the line was read.
POOLS = [
    ("qwen3-8b", "a100-40g", "0.9.2", 0.9, 40960, 18.69, "A100 40GB log of vllm 0.9.2"),
    ("gpt-oss-20b", "a100-80g", "0.19.0", 0.65, 131072, 36.56, "myoceane.fr, vllm 0.19"),
    ("gemma-4-26b-a4b", "a100-80g", "0.19.0", 0.9, 131072, 21.5, "myoceane.fr, vllm 0.19, eager"),
]


@pytest.mark.parametrize(("name", "card", "version", "share", "length", "seen", "source"), POOLS)
def test_matches_a_reported_pool(
    name: str, card: str, version: str, share: float, length: int, seen: float, source: str
) -> None:
    planned = case(
        name, card, version=version, length=length, share=Fraction(str(share)), workload__images=1
    )
    assert estimate(planned).kv_pool / GIB == pytest.approx(seen, rel=0.02), source


def test_one_sequence_must_fit_unless_more_are_promised() -> None:
    one = estimate(case("qwen3-8b", "h100", seqs=64, limits__context=8192))
    assert one.needed_tokens == 8192
    many = estimate(case("qwen3-8b", "h100", seqs=64, limits__context=8192, least_limits__batch=64))
    assert many.needed_tokens == 64 * 8192
    assert many.needed_kv == 64 * one.needed_kv


def test_a_promised_batch_is_spread_over_data() -> None:
    planned = case("deepseek-v3", "h200", Degrees(1, 1, 8, 1, 8), limits__batch=20, seqs=20)
    found = estimate(planned)
    assert found.needed_kv == 3 * 32768 * 70272  # ceil(20 / 8) on the fullest rank


def test_what_a_runtime_is_told_is_no_promise() -> None:
    told: dict[str, Any] = {"limits__context": 8192, "defaults": "runtime"}
    pinned = estimate(case("qwen3-8b", "h100", seqs=512, limits__batch=512, **told))
    assert pinned.needed_tokens == 8192
    bound = estimate(case("qwen3-8b", "h100", seqs=512, least_limits__batch=512, **told))
    assert bound.needed_tokens == 512 * 8192


def test_a_load_is_no_promise() -> None:
    base = estimate(case("qwen3-8b", "h100", seqs=8))
    loaded = estimate(case("qwen3-8b", "h100", seqs=8, workload__concurrency=10**6))
    assert loaded.needed_kv == base.needed_kv


def test_without_a_context_the_mean_request_must_fit() -> None:
    planned = case("qwen3-8b", "h100", length=0, workload__input=1500, workload__output=500)
    assert estimate(planned).needed_tokens == 2000


def test_unknown_memory_gives_no_verdict() -> None:
    planned = replace(case("qwen3-8b", "h100"), device=ANY_DEVICE)
    found = estimate(planned)
    assert found.device is found.budget is found.fits is None
    assert found.weights > 15 * GIB and found.kv_per_token == 147456


def test_bytes_in_the_spec_are_a_budget_where_the_memory_is_not_known() -> None:
    planned = case("qwen3-8b", "x86-avx512", limits__memory=64 * GIB)
    found = estimate(planned)
    assert found.device is None
    assert found.budget == 64 * GIB
    assert found.fits is True


def test_the_spec_bounds_the_share() -> None:
    half = estimate(case("qwen3-8b", "h100", most_limits__memory=Fraction(1, 2)))
    whole = estimate(case("qwen3-8b", "h100"))
    assert half.budget is not None and whole.budget is not None
    assert half.budget * 9 == pytest.approx(whole.budget * 5, rel=1e-6)


def test_a_system_that_shares_its_memory_keeps_a_part() -> None:
    found = estimate(
        case("qwen3-8b", "orin-nano-8g", None, "llamacpp", "b11549", "f16", "q4_k_m", 4096, 1)
    )
    assert found.device is not None and found.budget is not None
    assert found.budget < 0.9 * found.device


def test_inside_the_band_it_may_start() -> None:
    """The verdict is no only when the sum is short by more than its error."""
    planned = case("qwen3-8b", "a100-40g", length=40960)
    base = estimate(planned)
    assert base.budget is not None
    taken = base.budget - base.margin
    for short, verdict in ((-1, True), (0.5, True), (1.5, False)):
        budget = taken - int(short * base.band)
        found = estimate(case("qwen3-8b", "a100-40g", length=40960, most_limits__memory=budget))
        assert found.fits is verdict


def test_more_of_anything_never_needs_less() -> None:
    small = estimate(case("qwen3-32b", "h100", Degrees(2), seqs=16, tokens=2048))
    for bigger in (
        case("qwen3-32b", "h100", Degrees(2), seqs=16, tokens=16384),
        case("qwen3-32b", "h100", Degrees(2), seqs=1024, tokens=2048),
        case("qwen3-32b", "h100", Degrees(1), seqs=16, tokens=2048),
    ):
        found = estimate(bigger)
        assert found.kv_pool < small.kv_pool


def test_adapters_take_room() -> None:
    from servec.dsl.spec import Adapter, Bound
    from tests.memory.make import HERE

    planned = case("llama-3.1-8b", "h100")
    rank = Bound("=", 16, "16", HERE, HERE, HERE)
    adapter = Adapter("a", HERE, HERE, rank, rank)
    with_one = replace(planned, spec=replace(planned.spec, adapters=(adapter,)))
    extra = estimate(with_one).weights - estimate(planned).weights
    # 32 layers x 16 x (A: 3 x 4096 + 4096 + 2 x 4096 + 14336, B: 6144 + 4096 + 28672 + 4096) x 2 B
    assert extra == 32 * 16 * (38912 + 43008) * 2


def test_drafts_add_weights_and_cache() -> None:
    planned = case("deepseek-v3", "h200", Degrees(8), features__speculative="mtp")
    with_mtp, without = estimate(planned), estimate(case("deepseek-v3", "h200", Degrees(8)))
    assert with_mtp.weights > without.weights
    assert with_mtp.kv_per_token == 62 * 576 * 2
    drafted = replace(
        case("llama-3.3-70b", "h100", Degrees(4), features__speculative="draft"), draft=dense()
    )
    plain = estimate(case("llama-3.3-70b", "h100", Degrees(4)))
    assert estimate(drafted).kv_per_token > plain.kv_per_token


def test_encoders_are_loaded_when_media_are_accepted() -> None:
    text = estimate(case("qwen3-vl-8b", "h100"))
    images = estimate(case("qwen3-vl-8b", "h100", features__modalities=("text", "image")))
    assert images.weights - text.weights == pytest.approx(2 * 576e6, rel=0.01)
    assert images.activation > text.activation
    assert images.band > text.band
    always = estimate(case("qwen3-vl-8b", "h100", None, "tgi", "3.0"))
    assert always.weights == images.weights


def test_models_that_only_embed_sample_nothing() -> None:
    pooled = estimate(case("qwen3-embedding-8b", "h100", tokens=2048, seqs=1024))
    spoken = estimate(case("qwen3-8b", "h100", tokens=2048, seqs=1024))
    assert pooled.activation < spoken.activation


def test_the_same_case_gives_the_same_sum() -> None:
    planned = case("gpt-oss-120b", "h100")
    assert estimate(planned) == estimate(planned)
