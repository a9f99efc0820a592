"""What a step reads, multiplies and exchanges, against sums done by hand."""

from __future__ import annotations

import pytest

from servec.compiler.plan import Degrees
from servec.compiler.predict.floors import floors
from servec.compiler.predict.load import Load
from servec.compiler.predict.rates import rate
from servec.compiler.predict.shape import shape
from tests.predict.make import device, ground, model


def asked(shared: float = 0.0) -> Load:
    return Load("chat", 1000.0, 100.0, 2000.0, 200.0, concurrency=8.0, rate=0.0, shared=shared)


def test_qwen3_235b_on_eight_devices() -> None:
    made, _ = ground()
    # 94 layers x 128 experts x 3 x 4096 x 1536 weights of one byte and a scale for 128 x 128.
    assert made.experts * 8 == pytest.approx(94 * 128 * 3 * 4096 * 1536, rel=1e-3)
    # 4 KV heads on 8 devices: each is held twice. 94 x 2 x 128 x 2 bytes.
    assert made.token == 94 * 2 * 128 * 2
    assert made.head * 8 == 151936 * 4096 * 2
    # Attention of 64 query and 4 KV heads: 94 x (4096 x 128 x 72 + 8192 x 4096) weights.
    attention = 94 * (4096 * 128 * (64 + 8) + 8192 * 4096)
    assert 0.95 < made.dense * 8 / attention < 1.3


def test_expert_coverage_grows_from_the_used_share_to_all() -> None:
    from servec.compiler.predict.latency import read_time

    made, values = ground()
    one = read_time(made, values, 1, 1, 0)
    all_of_them = read_time(made, values, 4096, 1, 0)
    bandwidth = values.read * made.bandwidth
    bytes_read = made.dense + made.head + made.experts / values.read_experts * 8 / 128
    assert one == pytest.approx(bytes_read / bandwidth)
    assert all_of_them * bandwidth == pytest.approx(
        made.dense + made.head + made.experts / values.read_experts, rel=1e-3
    )


def test_windows_hold_no_more_than_their_tokens() -> None:
    made, _ = ground("gpt-oss-120b", "h100", Degrees(tensor=4))
    assert made.windows and made.windows[0][1] == 128
    size, most = made.windows[0]
    assert made.cached(10_000) == pytest.approx(made.token * 10_000 + size * most)
    assert made.cached(64) == pytest.approx((made.token + size) * 64)


def test_latent_attention_is_not_cut_by_tensor() -> None:
    found = model("deepseek-v3")
    one, eight = (
        shape(found, found.quant, "bf16", Degrees(tensor=n), device("h200")) for n in (1, 8)
    )
    assert one.token == eight.token == 61 * 576 * 2
    assert eight.dense < one.dense


def test_recurrent_state_is_read_and_written_whatever_the_length() -> None:
    made, _ = ground("qwen3.5-397b-a17b", "h200", Degrees(tensor=8, expert=8))
    assert made.state > 0
    assert made.cached(1) >= made.state


def test_weights_that_are_widened_multiply_in_16_bit() -> None:
    hopper, blackwell = device("h100"), device("b200")
    assert rate(hopper, 4.5, "nvfp4") == hopper.flops["bf16"]
    assert rate(blackwell, 4.5, "nvfp4") == blackwell.flops["fp4"]
    assert rate(blackwell, 4.25, "awq") == blackwell.flops["bf16"]
    assert rate(hopper, 8, "fp8_block128") == hopper.flops["fp8"]
    assert rate(device("a100-80g"), 8, "fp8_block128") == device("a100-80g").flops["bf16"]


def test_floors_are_bytes_over_bandwidth() -> None:
    made, _ = ground("llama-3.3-70b", "h100", Degrees(tensor=2))
    found = floors(made, asked())
    assert found.tpot == pytest.approx((made.dense + made.head) / made.bandwidth)
    assert found.e2e == pytest.approx(found.ttft + 99 * found.tpot)
    assert floors(made, asked(), gained=4.0).tpot == pytest.approx(found.tpot / 4)
    assert floors(made, asked(shared=0.5)).ttft <= found.ttft
    assert found.of("tpot.p95") == found.tpot and found.of("goodput") == 0


def test_no_prediction_is_below_its_floor() -> None:
    from servec.compiler.predict.latency import latency
    from tests.predict.make import traffic

    for name, degrees in (("llama-3.3-70b", Degrees(tensor=2)), ("qwen3-8b", Degrees())):
        made, values = ground(name, "h100", degrees)
        found = latency(made, values, traffic(8, 1000, 100))
        low = floors(made, asked())
        assert found.tpot > low.tpot and found.ttft > low.ttft
