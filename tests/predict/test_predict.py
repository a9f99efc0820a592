"""Whole predictions: verdicts, percentiles, what is abstained from and why."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from servec.compiler.plan import Range
from servec.compiler.predict.bands import band
from servec.compiler.predict.goodput import below
from servec.compiler.predict.predict import predict
from servec.compiler.predict.slo import judged
from servec.compiler.predict.speculative import tokens
from servec.dsl.record import replace
from tests.predict.make import case, device

DENSE = """
  target = vllm
  model = llama-3.3-70b
  hardware = h100 x 8
  precision { weights = fp8; kv = fp8 }
  parallel { tensor = 4; data = 2 }
"""
LOAD = "  workload { concurrency = 32; input = 2000 tokens; output = 400 tokens }\n"
RANK = {"missed": 0, "unsure": 1, "met": 2}


def verdicts(lines: str, target: str = "vllm") -> dict[str, str]:
    return {line.metric: line.verdict for line in predict(case(lines, target)).slo}


def test_a_prediction_is_whole() -> None:
    found = predict(case(DENSE + LOAD))
    assert found.ttft and found.tpot and found.e2e and found.throughput and found.goodput
    assert not found.abstained
    for name in ("ttft", "tpot", "e2e"):
        p50, p95, p99 = (found.quantiles[f"{name}.{p}"].value for p in ("p50", "p95", "p99"))
        assert p50 <= p95 <= p99
    for side in (found.ttft, found.tpot, found.e2e, found.throughput, *found.quantiles.values()):
        assert 0 < side.low < side.value < side.high
    assert found.e2e.value == pytest.approx(found.ttft.value + 399 * found.tpot.value)
    assert found.throughput.value == pytest.approx(32 * 400 / found.e2e.value)
    assert found.running == 32 and found.waiting == 0


def test_the_same_case_gives_the_same_figures() -> None:
    assert predict(case(DENSE + LOAD)) == predict(case(DENSE + LOAD))


@settings(max_examples=25, deadline=None)
@given(st.floats(1, 500), st.floats(1.0, 20.0), st.sampled_from(["tpot", "ttft", "e2e"]))
def test_a_tighter_promise_never_has_a_better_verdict(
    bound: float, factor: float, metric: str
) -> None:
    scale = {"tpot": 0.2, "ttft": 10, "e2e": 100}[metric]
    tight, loose = (
        verdicts(f"{DENSE}{LOAD}  slo {{ {metric}.p95 <= {b * scale:.3f}ms }}\n")
        for b in (bound, bound * factor)
    )
    assert RANK[tight[f"{metric}.p95"]] <= RANK[loose[f"{metric}.p95"]]


def test_no_verdict_inside_the_band() -> None:
    band = Range(8.0, 10.0, 15.0)
    assert [judged("<=", b, band) for b in (7.9, 8.0, 12.0, 14.9, 15.0)] == [
        "missed",
        "unsure",
        "unsure",
        "unsure",
        "met",
    ]
    assert [judged(">=", b, band) for b in (7.9, 8.0, 8.1, 15.0, 15.1)] == [
        "met",
        "met",
        "unsure",
        "unsure",
        "missed",
    ]


def test_a_promise_below_the_floor_is_missed_with_the_floor() -> None:
    (line,) = predict(case(DENSE + LOAD + "  slo { tpot.p95 <= 2ms }\n")).slo
    assert line.verdict == "missed" and line.floor > 2 and line.unit == "ms"
    (line,) = predict(case(DENSE + LOAD + "  slo { throughput >= 900k tok/s }\n")).slo
    assert line.verdict == "missed" and 0 < line.floor < 900_000 and line.unit == "tok/s"


def test_replicas_share_the_load_and_add_up() -> None:
    one = predict(case(DENSE + LOAD))
    two = predict(case(DENSE + LOAD.replace("32", "64") + "  replicas = 2\n"))
    assert one.tpot and two.tpot and one.throughput and two.throughput
    assert two.tpot.value == pytest.approx(one.tpot.value)
    assert two.throughput.value == pytest.approx(2 * one.throughput.value)


def test_goodput_is_the_part_that_keeps_the_promises() -> None:
    easy = predict(case(DENSE + LOAD + "  slo { ttft.p95 <= 500s; tpot.p95 <= 50s }\n"))
    hard = predict(case(DENSE + LOAD + "  slo { ttft.p95 <= 30ms }\n"))
    assert easy.goodput and hard.goodput and easy.throughput
    assert easy.goodput.value == pytest.approx(easy.throughput.value / 400, rel=0.01)
    assert hard.goodput.value < 0.1 * easy.goodput.value
    assert below(1.0, 1.0, 2.0) == pytest.approx(0.5)
    assert below(2.0, 1.0, 2.0) == pytest.approx(0.95, abs=1e-3)


def test_own_measurements_outrank_the_prediction() -> None:
    found = predict(case(DENSE + LOAD + "  measured { vllm = 920 tok/s }\n"))
    assert found.throughput == Range(920.0, 920.0, 920.0)


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        (DENSE, "no load"),
        (DENSE.replace("h100 x 8", "any x 8") + LOAD, "kind of hardware"),
        (DENSE + LOAD.replace("2000", "200k").replace("data = 2", "data = 2"), "far outside"),
    ],
)
def test_where_there_is_no_ground_nothing_is_said(lines: str, why: str) -> None:
    found = predict(case(lines))
    assert why in found.abstained
    assert found.ttft is None and found.tpot is None and not found.quantiles


def test_an_abstained_promise_is_unsure() -> None:
    found = predict(case(DENSE + "  slo { tpot.p95 <= 20ms }\n"))
    assert [line.verdict for line in found.slo] == ["unsure"]


def test_a_queue_without_end_is_no_latency() -> None:
    rate = LOAD.replace("concurrency = 32", "rate = 900 req/s")
    found = predict(case(DENSE + rate))
    assert "without end" in found.abstained and found.ttft is None


def test_bands_widen_away_from_what_was_measured() -> None:
    def spread(lines: str) -> float:
        found = predict(case(lines)).tpot
        assert found is not None
        return found.high / found.low

    near = spread(DENSE + LOAD)
    assert spread(DENSE + LOAD.replace("2000", "60k")) > near
    assert spread(DENSE.replace("h100", "a100-80g").replace("fp8", "bf16") + LOAD) > near
    staged = DENSE.replace("tensor = 4; data = 2", "tensor = 4; pipeline = 2")
    assert spread(staged + LOAD) > near


def test_a_band_ends_where_it_says_nothing() -> None:
    assert band(2.0, (-9.0, 9.0)).low == pytest.approx(2 / 30)
    assert band(2.0, (-9.0, 9.0)).high == pytest.approx(60)
    near = band(1.0, (-0.2, 0.3), 2.0)
    assert near.low == pytest.approx(math.exp(-0.4)) and near.high == pytest.approx(math.exp(0.6))


def test_speculation_yields_a_range() -> None:
    plain = DENSE.replace("llama-3.3-70b", "deepseek-v3").replace("h100", "h200")
    plain = plain.replace("tensor = 4; data = 2", "tensor = 8; expert = 8")
    plain = plain.replace("kv = fp8", "kv = bf16")
    base = predict(case(plain + LOAD)).tpot
    fast = predict(case(plain + LOAD + "  features { speculative = mtp }\n")).tpot
    assert base and fast
    assert fast.value < base.value
    assert fast.high / fast.low > base.high / base.low
    assert tokens(1.0, 3) == 4 and tokens(0.0, 3) == 1


def test_a_shared_prefix_brings_the_first_token_forward() -> None:
    def first(share: int) -> float:
        more = LOAD.replace("tokens }", f"tokens; prefix_share = {share}% }}")
        found = predict(case(DENSE + more)).ttft
        assert found is not None
        return found.value

    assert first(80) < first(40) < first(0)


def test_cost_and_power_are_of_all_devices() -> None:
    made = case(DENSE + LOAD)
    priced = replace(made, device=device("h100", price=2.5, power=700))
    found = predict(priced)
    assert found.cost == 20.0 and found.power == 5600.0
    assert any("USD per million" in note for note in found.notes)


def test_embeddings_have_a_first_token_alone() -> None:
    lines = """
      target = vllm
      model = qwen3-embedding-8b
      hardware = h100 x 1
      features { task = embed }
      workload { kind = embedding; concurrency = 16; input = 512 tokens }
    """
    found = predict(case(lines))
    assert found.tpot is None and found.ttft and found.e2e == found.ttft


def test_a_cached_prompt_in_a_calm_load_has_a_first_token_of_use() -> None:
    lines = (
        "model = qwen3-235b-a22b\n  hardware = h200 x 8\n  precision { weights = fp8; kv = fp8 }\n"
        "  workload { kind = agent; input = 12k tokens; output = 600 tokens; concurrency = 64;"
        " prefix_share = 85% }\n"
    )
    for target in ("sglang", "vllm", "trtllm"):
        found = predict(case(lines, target))
        assert found.ttft is not None and 0.05 < found.ttft.value < 1
        late = found.quantiles["ttft.p95"]
        assert found.ttft.value < late.value < 3 * found.ttft.value
        assert late.high < 5 and late.high / late.low < 30


def test_how_long_requests_wait_for_a_place_says_nothing_of_the_throughput() -> None:
    load = (
        "  workload { kind = batch; concurrency = %d; input = 2000 tokens; output = 400 tokens }\n"
    )
    full, over = (predict(case(DENSE + load % n + "  limits { batch = 64 }\n")) for n in (64, 2000))
    assert over.waiting > 1500 and over.ttft is not None and full.throughput is not None
    assert over.throughput is not None
    assert over.throughput.value == pytest.approx(full.throughput.value, rel=0.1)
    assert over.throughput.high / over.throughput.low < 4
    assert over.ttft.high / over.ttft.low < 4
