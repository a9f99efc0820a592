"""Pages, groups and what a pool holds, against logs and the runtimes' own rules."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servec.compiler.memory.account import Served, account
from servec.compiler.memory.cache import Cache, Pages, make_cache
from servec.compiler.memory.constants import constants
from servec.compiler.memory.kv import layer_caches
from servec.compiler.memory.overhead import Load
from servec.compiler.plan import Degrees
from tests.memory.make import catalogued

GIB = 1 << 30


def cache_of(name: str, runtime: str, version: str, batched: int, kv: str = "bf16") -> Cache:
    model = catalogued(name)
    layers = layer_caches(model, kv, 1)
    held = [(g.count, c) for g, c in zip(model.groups, layers, strict=True)]
    return make_cache(held, constants(runtime, version), batched)


def test_plain_attention_is_paged_in_sixteens() -> None:
    """Qwen3-8B, 18.69 GiB: 136080 tokens, a multiple of 16 (vllm 0.9.2 on an A100)."""
    cache = cache_of("qwen3-8b", "vllm", "0.9.2", 2048)
    tokens = cache.tokens(18.69 * GIB, 40960)
    assert tokens % 16 == 0
    assert tokens == pytest.approx(136080, abs=64)
    assert cache.bytes(17) == 2 * 16 * 147456


def test_windows_beside_full_attention_are_charged_for_window_and_pass() -> None:
    """gpt-oss-120b with 1024 tokens a pass needs 4.54 GiB for 131072 (vllm issue 27508)."""
    cache = cache_of("gpt-oss-120b", "vllm", "0.11.0", 1024)
    assert cache.bytes(131072) / GIB == pytest.approx(4.54, rel=0.002)
    full = 131072 / 16 * 18 * 32768
    window = (-(-(127 + 1024) // 16) + 1) * 18 * 32768
    assert cache.bytes(131072) == full + window


def test_groups_share_blocks_as_the_older_log_counts_them() -> None:
    """gemma-4-31B, 50 GiB: about 55000 tokens by blocks over 6 tables (vllm 0.20, issue 43308)."""
    cache = cache_of("gemma-4-31b", "vllm", "0.20.0", 2048)
    assert cache.groups == 6
    assert cache.shared_out(50 * GIB) == pytest.approx(55000, rel=0.02)


def test_pages_of_recurrent_layers_set_the_block() -> None:
    """The page of full attention grows until it holds a state (vllm _align_hybrid_block_size)."""
    cache = cache_of("qwen3.5-27b", "vllm", "0.33.0", 8192)
    full = next(p for p in cache.pages if not p.cap)
    assert full.block % 16 == 0 and full.block > 16
    assert cache.bytes(1) == cache.bytes(full.block) < cache.bytes(full.block + 1)


def test_a_draft_keeps_more_states() -> None:
    model = catalogued("qwen3.5-27b")
    layers = layer_caches(model, "bf16", 1)
    held = [(g.count, c) for g, c in zip(model.groups, layers, strict=True)]
    table = constants("vllm", "0.33.0")
    assert make_cache(held, table, 8192, 3).bytes(1) > make_cache(held, table, 8192).bytes(1)


def test_compressed_caches_are_charged_for_tokens_in_flight() -> None:
    """DeepSeek-V4-Flash: 3.9 GiB for 262144 tokens by two logs, most of it for one pass."""
    cache = cache_of("deepseek-v4-flash", "vllm", "0.22.1", 8192)
    assert cache.bytes(262144) / GIB == pytest.approx(3.87, rel=0.15)
    assert cache.bytes(8192) > cache.bytes(262144) / 2


def test_sglang_sizes_windows_by_a_ratio() -> None:
    cache = cache_of("gpt-oss-120b", "sglang", "0.5.23", 8192)
    assert cache.bytes(1000) == pytest.approx(1000 * 18 * 2048 * 1.8)


def test_sglang_cuts_the_pool_between_cache_and_states() -> None:
    """mamba_full_memory_ratio 0.9: 1.9 bytes of the pool for each byte of cache."""
    cache = cache_of("qwen3.5-27b", "sglang", "0.5.23", 8192)
    assert cache.token == 16 * 2 * 4 * 256 * 2
    assert cache.bytes(10**6) == pytest.approx(1.9 * cache.token * 10**6)
    assert cache.bytes(1) == cache.floor > 100 * cache.token


def test_lmdeploy_charges_windows_in_full() -> None:
    cache = cache_of("gpt-oss-120b", "lmdeploy", "0.18.0", 8192)
    assert cache.bytes(64) == 64 * 36 * 2048


def test_llamacpp_rounds_cells_up() -> None:
    """b11549: -c 1000 of Qwen3-4B is 1024 cells, 144 MiB."""
    cache = cache_of("qwen3-4b", "llamacpp", "b11549", 512, "f16")
    assert cache.bytes(1000) == 144 * 2**20
    assert cache.bytes(8192) == 1152 * 2**20
    assert cache_of("qwen3-4b", "llamacpp", "b11549", 512, "q8_0").bytes(8192) == 612 * 2**20


@given(st.integers(1, 10**6), st.integers(0, 10**12))
def test_longest_is_the_last_that_fits(most: int, pool: int) -> None:
    cache = Cache((Pages(1600.0, 16), Pages(320.0, 16, 512, 1)), 1000.0)
    length = cache.longest(pool, most)
    assert 0 <= length <= most
    if length:
        assert cache.bytes(length) <= pool
    if length < most:
        assert cache.bytes(length + 1) > pool


@given(st.integers(1, 10**5), st.integers(1, 10**5))
def test_more_tokens_never_cost_less(one: int, more: int) -> None:
    cache = cache_of("gemma-3-27b", "vllm", "0.33.0", 8192)
    assert cache.bytes(one + more) >= cache.bytes(one) > 0


def test_no_pool_holds_nothing() -> None:
    cache = cache_of("qwen3-8b", "vllm", "0.33.0", 8192)
    assert cache.tokens(0, 100) == cache.tokens(-5, 100) == 0


def test_a_hybrid_of_latents_and_an_index() -> None:
    """vllm 0.33.0 on 8 x H200, GLM-5.3-Flash (text index id 69102865712): blocks of 640 tokens,
    states padded by 20.75 %, 81.79 GiB hold 55.15 sequences of 131072 tokens."""
    model = catalogued("zai-org/GLM-5.3-Flash")
    load = Load(tokens=8192, seqs=512, length=131072)
    served = Served("vllm", "0.33.0", model, Degrees(tensor=8), load, length=131072, cached=True)
    cache = account(served).cache
    assert 640 in {p.block for p in cache.pages}
    state = next(p for p in cache.pages if p.cap == 1)
    assert state.extra == 1  # a prefix cache keeps one more
    page = cache.page / 11
    assert page == 640 * 512 * 2
    kept = model.groups[0].attention
    whole = kept.state_elements - kept.conv_elements
    assert page / ((4 * whole + 2 * kept.conv_elements) / 8) == pytest.approx(1.2075, rel=1e-3)
    assert cache.bytes(131072) / (1 << 30) == pytest.approx(81.79 / 55.15, rel=0.01)


@pytest.mark.parametrize(
    ("name", "version", "length", "pool", "held"),
    [
        ("gemma-4-e2b", "0.21.0", 8192, 9.92, 129.66),
        ("gemma-4-e4b", "0.25.1", 16384, 22.01, 63.1),
    ],
)
def test_layers_that_borrow_a_cache_hold_none(
    name: str, version: str, length: int, pool: float, held: float
) -> None:
    """Pools and sequences of full length of two logs (text index ids 55764159779, 60491628666)."""
    cache = cache_of(name, "vllm", version, 2048)
    assert pool * GIB / cache.bytes(length) == pytest.approx(held, rel=0.002)


def test_a_pass_holds_a_whole_video_where_images_see_both_ways() -> None:
    """gemma-4-26B-A4B on an L40S: 9.81 sequences in 12.75 GiB (text index id 60491628666)."""
    table = constants("vllm", "0.25.1")
    batched = table.default_tokens(48 << 30, "l40s", "sm89", "gemma-4-26b-a4b")
    assert batched == 2496
    assert table.default_tokens(48 << 30, "l40s", "sm89", "gemma-4-e4b") == 2048
    cache = cache_of("gemma-4-26b-a4b", "vllm", "0.25.1", batched)
    assert 12.75 * GIB / cache.bytes(32768) == pytest.approx(9.81, rel=0.002)


def test_states_that_a_prefix_cache_keeps() -> None:
    """Qwen3.8-27B, 0.29: 652 blocks hold 38.35 sequences of 8192, 17 each (id 68936788784)."""
    table = constants("vllm", "0.29.0")
    assert table.hybrid_cached and not constants("vllm", "0.27.1").hybrid_cached
    load = Load(tokens=8192, seqs=256)
    served = Served("vllm", "0.29.0", catalogued("qwen3.6-27b"), Degrees(), load, cached=True)
    cache = account(served).cache
    assert cache.bytes(8192) / cache.page == 17


def test_each_stage_has_a_pass_in_flight() -> None:
    load = Load(tokens=2048, seqs=256)
    model = catalogued("gemma-4-e4b")
    caps = [
        {p.cap for p in account(Served("vllm", v, model, Degrees(1, s), load)).cache.pages}
        for v, s in (("0.33.0", 1), ("0.33.0", 2), ("0.25.1", 2))
    ]
    assert [max(c) for c in caps] == [511 + 2 * 2048, 511 + 3 * 2048, 511 + 2048]


def test_a_context_split_over_ranks_shares_the_cache() -> None:
    """Two ranks of decode context parallelism hold half of each sequence (vLLM's dcp)."""
    load = Load(tokens=2048, seqs=256)
    model = catalogued("deepseek-v3")
    one, two = (
        account(Served("vllm", "0.33.0", model, Degrees(8, 1, 1, c), load)).cache.token
        for c in (1, 2)
    )
    assert two == one / 2
