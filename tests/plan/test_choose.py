"""The order of candidates: promises, operations, the policy inside error bands, ties by name."""

from __future__ import annotations

from servec.compiler.choice.choose import beats
from servec.compiler.plan import Range, Verdict
from servec.dsl.record import replace
from tests.plan.choosing import PLAIN, order, outcome, spec_of


def test_the_policy_decides_inside_the_error_bands() -> None:
    close = [outcome("sglang", 1.0, 3.0), outcome("vllm", 1.5, 4.0), outcome("trtllm", 0.9, 2.5)]
    assert order(close) == ["vllm", "sglang", "trtllm"]


def test_a_difference_larger_than_both_bands_overrides_the_policy() -> None:
    apart = [outcome("sglang", 1.0, 1.2), outcome("vllm", 1.5, 4.0), outcome("trtllm", 1.1, 2.5)]
    assert order(apart) == ["sglang", "vllm", "trtllm"]
    assert beats(spec_of(), apart[0], apart[1])
    assert not beats(spec_of(), apart[1], apart[0])


def test_promises_come_first() -> None:
    items = [
        outcome("vllm", 1.1, 2.0, "missed"),
        outcome("sglang", 0.9, 1.8, "unsure"),
        outcome("trtllm", 0.3, 0.5, "met"),
    ]
    assert order(items) == ["trtllm", "sglang", "vllm"]


def test_a_bound_inside_a_band_turns_nothing() -> None:
    # both bands overlap: that one of them ends below the bound says how well it was measured
    items = [outcome("vllm", 0.4, 1.4, "unsure"), outcome("trtllm", 0.5, 0.9, "met")]
    assert order(items) == ["vllm", "trtllm"]
    apart = [outcome("vllm", 0.95, 1.4, "unsure"), outcome("trtllm", 0.5, 0.9, "met")]
    assert order(apart) == ["trtllm", "vllm"]


def test_a_promise_comes_before_speed_and_a_circle_still_has_an_order() -> None:
    spec = spec_of()
    sure, quick = outcome("trtllm", 3.0, 4.0), outcome("vllm", 1.0, 2.0, "unsure")
    late = Verdict("ttft.p95", "<=", 1.0, "s", "unsure", Range(5.0, 6.0, 7.0))
    assert quick.performance is not None
    quick = replace(quick, performance=replace(quick.performance, slo=(late,)))
    assert beats(spec, sure, quick) and not beats(spec, quick, sure)
    between = outcome("sglang", 2.1, 2.9)
    assert between.performance is not None
    between = replace(between, performance=replace(between.performance, slo=()))
    assert beats(spec, between, sure) and beats(spec, quick, between)
    assert order([sure, quick, between])[0] == "vllm"


def test_names_that_the_policy_does_not_know_come_last_in_order_of_name() -> None:
    items = [outcome(name, 1.0, 2.0) for name in ("zeta", "alpha", "vllm")]
    assert order(items) == ["vllm", "alpha", "zeta"]


def test_a_runtime_in_maintenance_is_never_first_while_another_can_serve() -> None:
    items = [outcome("tgi", 1.0, 1.1), outcome("rayserve", 5.0, 9.0, "missed")]
    assert order(items) == ["rayserve", "tgi"]
    crowd = PLAIN + "workload { input = 1k tokens; output = 200 tokens; concurrency = 64 }"
    last = [outcome("tgi", 1.0, 1.1), outcome("llamacpp", 5.0, 9.0, "missed")]
    assert order(last, crowd) == ["llamacpp", "tgi"]
    assert order(items[:1]) == ["tgi"]


def test_a_layer_around_an_engine_beats_nobody_by_itself() -> None:
    items = [outcome("rayserve", 0.1, 0.2), outcome("triton", 0.1, 0.2), outcome("vllm", 1.0, 2.0)]
    assert order(items) == ["vllm", "rayserve", "triton"]


def test_what_was_measured_is_not_compared_with_what_is_predicted() -> None:
    lines = PLAIN + "measured { vllm = 920 tok/s }\n"
    assert order([outcome("sglang", 1e-6, 2e-6), outcome("vllm", 1.0, 2.0)], lines)[0] == "vllm"


def test_every_order_of_trying_gives_the_same_order() -> None:
    items = [
        outcome(n, *b) for n, b in {"vllm": (3, 4), "sglang": (2.5, 3.5), "mlx": (1, 2)}.items()
    ]
    assert order(items) == order(items[::-1]) == ["mlx", "vllm", "sglang"]
