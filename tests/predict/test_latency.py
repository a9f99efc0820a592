"""Properties that hold whatever the parameters say."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from servec.compiler.plan import Degrees
from servec.compiler.predict.latency import Traffic, crowded, latency, prefill_time
from servec.compiler.predict.queue import settle, waited
from servec.dsl.record import replace
from tests.predict.make import ground, traffic

GROUNDS = [
    ("qwen3-235b-a22b-fp8", Degrees(tensor=8, expert=8), "vllm"),
    ("qwen3-235b-a22b-fp8", Degrees(tensor=2, data=4, expert=8), "sglang"),
    ("llama-3.3-70b", Degrees(tensor=4), "trtllm"),
    ("gpt-oss-120b", Degrees(), "vllm"),
    ("deepseek-v3", Degrees(tensor=8), "sglang"),
    ("llama-3.3-70b", Degrees(tensor=2, pipeline=2), "vllm"),
]
loads = st.tuples(
    st.integers(1, 600), st.integers(128, 16384), st.integers(16, 4096), st.integers(1, 1000)
)
choices = st.sampled_from(GROUNDS)


@settings(max_examples=60, deadline=None)
@given(choices, loads, st.floats(1.01, 4))
def test_more_bandwidth_and_more_operations_are_never_slower(
    what: tuple[str, Degrees, str], load: tuple[int, int, int, int], more: float
) -> None:
    name, degrees, backend = what
    made, values = ground(name, "h200", degrees, backend)
    flow = Traffic(load[0], load[1], load[2], fresh=load[1], places=load[3])
    base = latency(made, values, flow)
    wide = latency(replace(made, bandwidth=made.bandwidth * more), values, flow)
    strong = replace(
        made,
        flops=made.flops / more,
        flops_head=made.flops_head / more,
        flops_expert=made.flops_expert / more,
        square=made.square / more,
    )
    fast = latency(strong, values, flow)
    for better in (wide, fast):
        assert better.tpot <= base.tpot * (1 + 1e-9)
        assert better.ttft <= base.ttft * (1 + 1e-9)


@settings(max_examples=60, deadline=None)
@given(choices, loads, st.floats(1.01, 8))
def test_more_requests_and_longer_ones_are_never_faster(
    what: tuple[str, Degrees, str], load: tuple[int, int, int, int], more: float
) -> None:
    name, degrees, backend = what
    made, values = ground(name, "h200", degrees, backend)
    flow = Traffic(load[0], load[1], load[2], fresh=load[1], places=load[3])
    base = latency(made, values, flow)
    crowd = latency(made, values, replace(flow, concurrency=flow.concurrency * more))
    assert crowd.tpot >= base.tpot * (1 - 1e-9)
    assert crowd.ttft >= base.ttft * (1 - 1e-9)
    longer = latency(made, values, replace(flow, inputs=load[1] * more, fresh=load[1] * more))
    assert longer.ttft >= base.ttft * (1 - 1e-9)
    assert longer.tpot >= base.tpot * (1 - 1e-9)


@settings(max_examples=40, deadline=None)
@given(choices, loads, st.floats(0.0, 0.95))
def test_a_cached_prefix_is_never_slower(
    what: tuple[str, Degrees, str], load: tuple[int, int, int, int], share: float
) -> None:
    name, degrees, backend = what
    made, values = ground(name, "h200", degrees, backend)
    flow = Traffic(load[0], load[1], load[2], fresh=load[1], places=load[3])
    cached = latency(made, values, replace(flow, fresh=max(1.0, load[1] * (1 - share))))
    base = latency(made, values, flow)
    assert cached.ttft <= base.ttft * (1 + 1e-9) and cached.tpot <= base.tpot * (1 + 1e-9)


@settings(max_examples=30, deadline=None)
@given(choices, st.floats(0.01, 5), st.floats(1.05, 4))
def test_more_arrivals_are_never_faster(
    what: tuple[str, Degrees, str], rate: float, more: float
) -> None:
    name, degrees, backend = what
    made, values = ground(name, "h200", degrees, backend)
    flow = traffic(1, 2000, 300)
    base, busier = (settle(made, values, flow, r) for r in (rate, rate * more))
    if not base.stable:
        assert not busier.stable
    elif busier.stable:
        assert busier.latency.ttft >= base.latency.ttft * 0.99
        assert busier.latency.tpot >= base.latency.tpot * 0.99


@settings(max_examples=60, deadline=None)
@given(choices, loads, st.floats(1.01, 8))
def test_requests_that_come_apart_wait_no_longer_than_those_of_a_burst(
    what: tuple[str, Degrees, str], load: tuple[int, int, int, int], more: float
) -> None:
    name, degrees, backend = what
    made, values = ground(name, "h200", degrees, backend)
    flow = Traffic(load[0], load[1], load[2], fresh=load[1], places=load[3])
    burst, apart = (latency(made, values, replace(flow, apart=way)) for way in (False, True))
    assert 0 <= apart.queue <= burst.queue and apart.ttft <= burst.ttft
    assert apart.tpot >= burst.tpot * (1 - 1e-9)  # who waits less is longer in the batch
    crowd = replace(flow, apart=True, concurrency=flow.concurrency * more)
    assert latency(made, values, crowd).ttft >= apart.ttft * (1 - 1e-9)


def test_a_memory_is_crowded_by_what_is_in_flight() -> None:
    made, _ = ground("llama-3.3-70b", "h100", Degrees(tensor=4))
    assert not crowded(made, traffic(8)) and crowded(made, traffic(1000))


def test_arrivals_keep_to_littles_law() -> None:
    made, values = ground("llama-3.3-70b", "h100", Degrees(tensor=4))
    found = settle(made, values, traffic(1, 1000, 200), 2.0)
    whole = found.latency.ttft + 199 * found.latency.tpot
    assert found.stable
    assert found.traffic.concurrency == pytest.approx(2.0 * whole, rel=0.05)


def test_arrivals_beyond_what_prefill_takes_have_no_steady_state() -> None:
    made, values = ground("llama-3.3-70b", "h100", Degrees(tensor=4))
    alone = prefill_time(made, values, 8000, 8000)
    assert not settle(made, values, traffic(1, 8000, 200), 1.5 / alone).stable


def test_requests_without_a_place_wait() -> None:
    made, values = ground("llama-3.3-70b", "h100", Degrees(tensor=4))
    some = latency(made, values, replace(traffic(64), places=64.0))
    few = latency(made, values, replace(traffic(64), places=16.0))
    assert few.running == 16 and few.waiting == 48 and some.waiting == 0
    assert few.ttft > some.ttft + 2 * 1024 * few.tpot
    assert few.tpot < some.tpot


def test_a_pipeline_reads_all_stages_for_each_token() -> None:
    whole, values = ground("llama-3.3-70b", "h200", Degrees(tensor=2))
    cut, _ = ground("llama-3.3-70b", "h200", Degrees(tensor=2, pipeline=2))
    assert cut.dense == whole.dense
    assert latency(cut, values, traffic(1)).step >= latency(whole, values, traffic(1)).step
    assert latency(cut, values, traffic(64)).mixed < latency(whole, values, traffic(64)).mixed


def test_waits_of_an_empty_and_of_a_full_queue() -> None:
    assert waited(0.0, 1.0, 0.05) == 0.0 and waited(0.5, 1.0, 0.5) == 0.0
    assert waited(99.0, 1.0, 0.05) == pytest.approx(3 * 99, rel=0.02)
    assert waited(1.0, 1.0, 0.05) < waited(1.0, 1.0, 0.01) < waited(2.0, 1.0, 0.01)
