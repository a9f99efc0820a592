"""Bytes of weights on a rank: against loads that were reported, and against sums by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servec.compiler.catalogue.precision import gguf_bits
from servec.compiler.memory.served import quant_as
from servec.compiler.memory.stages import stage_counts, stage_sizes
from servec.compiler.memory.sums import sums
from servec.compiler.memory.weights import weights_per_device
from servec.compiler.plan import Degrees
from servec.dsl.record import replace
from tests.memory.make import catalogued, dense

GIB = 1 << 30

# vLLM's "Model loading took" in GiB on one GPU, and where the line was read.
LOADS = [
    ("qwen3-8b", Degrees(), "0.9.2", "sm80", 15.2683, "A100 40GB log of vllm 0.9.2"),
    ("llama-3.1-8b", Degrees(), "", "sm90", 14.9888, "log of a Llama-3.1-8B load"),
    ("gpt-oss-20b", Degrees(), "0.19.0", "sm80", 13.72, "myoceane.fr, vllm 0.19 on A100"),
    ("gpt-oss-120b", Degrees(), "0.19.0", "sm80", 65.9651, "log of a 15-shard GptOss load"),
    ("gpt-oss-120b", Degrees(), "0.14.1", "sm90", 64.38, "vllm-project/vllm issue 33155"),
    ("gemma-4-26b-a4b", Degrees(), "0.19.0", "sm80", 48.5, "myoceane.fr, vllm 0.19 on A100"),
    ("deepseek-v3", Degrees(8), "", "sm90", 79.739, "DeepSeek load kept in a test"),
    ("llama-3.1-405b-fp8", Degrees(8), "", "sm90", 57.752, "vllm-project/vllm issue 6746"),
]


@pytest.mark.parametrize(("name", "degrees", "version", "arch", "seen", "source"), LOADS)
def test_matches_a_reported_load(
    name: str, degrees: Degrees, version: str, arch: str, seen: float, source: str
) -> None:
    said = weights_per_device(catalogued(name), degrees, "vllm", version, arch=arch) / GIB
    assert said == pytest.approx(seen, rel=0.02), source


def test_half_of_the_loads_are_within_half_a_percent() -> None:
    errors = sorted(
        abs(weights_per_device(catalogued(n), d, "vllm", v, arch=a) / GIB / seen - 1)
        for n, d, v, a, seen, _ in LOADS
    )
    assert errors[len(errors) // 2] < 0.005


def test_first_stage_of_a_reported_pipeline() -> None:
    """DeepSeek-V3 on 4 stages of 8 GPUs loads 16.97 GiB on the first (DeepSeek-V3 issue 205)."""
    from servec.compiler.memory.constants import constants
    from servec.compiler.memory.sums import sums
    from servec.compiler.memory.weights import stage_weights

    parts = sums(catalogued("deepseek-v3"))
    stages = stage_weights(parts, Degrees(8, 4), constants("vllm", "0.6.6"))
    assert stages[0] / GIB == pytest.approx(16.9687, rel=0.02)
    assert max(stages) == max(stages[1:3])


def test_one_device_holds_every_weight_once() -> None:
    model = dense()
    layer = 128 * 16 * (2 * 8 + 2 * 2) + 3 * 128 * 256 + 2 * 128
    rows = 1024  # 1000 rounded up to 64
    expected = 2 * (4 * layer + 2 * rows * 128 + 128)
    assert weights_per_device(model, Degrees()) == expected


def test_key_and_value_projections_are_copied_past_their_heads() -> None:
    """With 2 KV heads on 8 ranks each rank holds one head: a half, not an eighth."""
    model = dense(kv_heads=2, vocab=1024)
    whole = weights_per_device(replace(model, groups=()), Degrees(8))
    rank = weights_per_device(model, Degrees(8)) - whole
    q_and_o, kv, rest = 128 * 16 * 16, 128 * 16 * 4, 3 * 128 * 256
    assert rank == pytest.approx(2 * 4 * (q_and_o / 8 + kv / 2 + rest / 8 + 2 * 128))


def test_a_tied_head_costs_a_second_copy_only_on_the_last_stage() -> None:
    one = weights_per_device(dense(tied=True, vocab=1024), Degrees())
    apart = weights_per_device(dense(tied=False, vocab=1024), Degrees())
    assert apart - one == 2 * 1024 * 128
    two = dense(layers=4, tied=True, vocab=1 << 16)
    both = weights_per_device(two, Degrees(pipeline=2))
    assert both > 2 * (1 << 16) * 128


def test_experts_that_do_not_divide_leave_one_rank_fuller() -> None:
    model = catalogued("qwen3-30b-a3b")
    whole = weights_per_device(model, Degrees(6, expert=6))
    expert = 3 * 2048 * 768 * 2 * 48
    spread = weights_per_device(replace(model, groups=_experts(model, 126)), Degrees(6, expert=6))
    assert whole - spread == pytest.approx(expert, rel=1e-6)  # ceil(128 / 6) = 22, 126 / 6 = 21


def _experts(model: object, number: int) -> tuple[object, ...]:
    groups = model.groups  # type: ignore[attr-defined]
    return tuple(replace(g, ffn=replace(g.ffn, experts=number)) for g in groups)


def test_redundant_experts_are_held_too() -> None:
    model = catalogued("qwen3-30b-a3b")
    base = weights_per_device(model, Degrees(8, expert=8))
    more = weights_per_device(model, Degrees(8, expert=8), redundant=8)
    assert more - base == pytest.approx(3 * 2048 * 768 * 2 * 48, rel=1e-6)


def test_attention_data_parallel_keeps_attention_whole_and_spreads_experts() -> None:
    model = catalogued("deepseek-v3")
    cut = weights_per_device(model, Degrees(8, expert=8))
    copied = weights_per_device(model, Degrees(1, 1, 8, 1, 8))
    experts = 58 * 256 * 3 * 7168 * 2048 / 8
    assert copied > cut > experts
    assert copied < 2 * experts


def test_copies_of_a_dense_model_share_nothing() -> None:
    model = dense()
    for runtime in ("vllm", "sglang", "trtllm"):
        one = weights_per_device(model, Degrees(2), runtime)
        assert weights_per_device(model, Degrees(2, 1, 4), runtime) == one


def test_attention_data_parallel_shares_the_head_where_the_runtime_does() -> None:
    """SGLang cuts the head over all ranks unless --enable-dp-lm-head; vLLM does not."""
    model = catalogued("deepseek-v3")
    degrees = Degrees(1, 1, 8, 1, 8)
    apart = weights_per_device(model, degrees, "vllm")
    shared = weights_per_device(model, degrees, "sglang")
    head = 129280 * 7168 * 2
    assert apart - shared > head * 7 / 8


def test_draft_layers_count_when_they_are_loaded() -> None:
    model = catalogued("deepseek-v3")
    base = weights_per_device(model, Degrees(8))
    assert weights_per_device(model, Degrees(8), mtp=True) > base


def test_a_narrower_feed_forward_is_padded_where_the_runtime_pads_it() -> None:
    """LMDeploy rounds widths up to whole blocks of 128 per rank (turbomind/builders/ffn.py)."""
    model = dense(vocab=1024)
    plain = weights_per_device(model, Degrees(4), "vllm")
    padded = weights_per_device(model, Degrees(4), "lmdeploy")
    assert padded - plain == pytest.approx(2 * 4 * 3 * 128 * 256 / 4)  # 64 columns become 128


def test_llamacpp_leaves_the_embedding_on_the_host() -> None:
    """b11549 puts 4403 MiB of Llama-3.1-8B Q4_K_M on the GPU and 281 on the host."""
    model = catalogued("llama-3.1-8b")
    quant = quant_as(model, "q4_k_m")
    size = weights_per_device(model, Degrees(), "llamacpp", "b11549", quant)
    assert size / 2**20 == pytest.approx(4403, abs=1)


@given(
    st.integers(1, 130), st.integers(1, 16), st.sampled_from(["middle", "last", "first", "even"])
)
def test_stages_hold_every_layer_once(layers: int, stages: int, style: str) -> None:
    sizes = stage_sizes(layers, min(stages, layers), style)
    assert sum(sizes) == layers
    if style != "even":
        assert max(sizes) - min(sizes) <= 1


def test_stages_as_the_runtimes_cut_them() -> None:
    assert stage_sizes(61, 4, "middle") == (15, 15, 16, 15)  # vllm get_pp_indices
    assert stage_sizes(62, 4, "middle") == (15, 16, 16, 15)
    assert stage_sizes(61, 4, "last") == (15, 15, 15, 16)  # sglang get_pp_indices
    assert stage_sizes(61, 4, "first") == (16, 15, 15, 15)  # tensorrt-llm
    assert stage_sizes(32, 2, "even") == (17, 15)  # llama.cpp: 33 with the output
    assert stage_sizes(80, 2, "even") == (41, 39)


def test_stage_counts_follow_the_order_of_the_layers() -> None:
    order = (0, 0, 0, 1, 1, 1, 1)
    assert stage_counts(order, 2, 2, "first") == ((3, 1), (0, 3))


def test_stages_as_they_are_stated() -> None:
    """VLLM_PP_LAYER_PARTITION and SGLANG_PP_LAYER_PARTITION; a list that does not add up is not."""
    assert stage_sizes(48, 2, "16,32") == (16, 32)
    assert stage_sizes(48, 2, "16,16") == (24, 24)


def test_redundant_experts_of_a_published_deployment() -> None:
    """DeepSeek-V3 on 32 GPUs with 32 redundant experts holds 9 a GPU (arXiv 2412.19437, 3.4)."""
    model = catalogued("deepseek-v3")
    one = 3 * 7168 * 2048 * 58
    plain = weights_per_device(model, Degrees(4, 1, 8, expert=32))
    more = weights_per_device(model, Degrees(4, 1, 8, expert=32), redundant=32)
    assert (more - plain) / one == pytest.approx(1.0, rel=0.002)


@pytest.mark.parametrize("word", ["iq2_m", "iq3_xs", "iq3_m", "iq2_xxs", "q2_k", "q4_k_m", "q6_k"])
def test_every_mix_weighs_about_what_its_file_does(word: str) -> None:
    model = catalogued("llama-3.1-8b")
    stored = replace(model, quant=quant_as(model, word), checkpoint_bytes=0)
    bits, measured = sums(stored).total * 8 / model.total, gguf_bits(word)
    assert measured is not None and abs(bits / measured - 1) < 0.1
