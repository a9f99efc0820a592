"""The order of candidates: promises, operations, the policy inside error bands, ties by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from servec.compiler.choice.choose import beats, ranked
from servec.compiler.choice.policy import Policy, policy, table
from servec.compiler.pipeline import compile_documents
from servec.compiler.plan import Degrees, Performance, Plan, Range, Verdict
from servec.compiler.result import Request
from servec.compiler.search.candidate import Outcome
from servec.compiler.target import Case, Step
from servec.dsl.load import load
from servec.dsl.record import replace
from servec.dsl.sources import MemorySources
from servec.targets import TARGETS
from tests.plan.compiling import body, of, one, reasons
from tests.plan.fakes import Fake

if TYPE_CHECKING:
    from servec.compiler.result import DeploymentResult
    from servec.compiler.search.site import Site
    from servec.compiler.target import Target
    from servec.dsl.spec import Spec

PLAIN = "model = qwen3-8b\nhardware = h100 x 1\n"
PLAN = Plan(
    degrees=Degrees(),
    replicas=1,
    nodes=1,
    devices_per_node=1,
    weights="bf16",
    weights_word="bf16",
    kv="bf16",
    checkpoint="x",
)


def spec_of(lines: str = PLAIN) -> Spec:
    document, found = load(MemorySources({"x.srv": body(lines)}), "x.srv")
    assert document is not None and not found
    return document.deployments[0]


def outcome(
    name: str, low: float, high: float, verdict: str = "met", spec: Spec | None = None
) -> Outcome:
    """A candidate whose requests take `low` to `high` seconds."""
    fake = Fake(name)
    band = Range(low, (low + high) / 2, high)
    rate = Range(1 / high, 2 / (low + high), 1 / low)
    case = Case(
        spec=spec or spec_of(),
        target=fake,
        capabilities=fake.capabilities("1"),
        model=None,
        device=None,
        devices_per_node=1,
        nodes=1,
        plan=PLAN,
    )
    slo = (Verdict("ttft.p95", "<=", 1.0, "s", verdict, band),)
    return Outcome(fake, "1", False, (case,), Performance(e2e=band, throughput=rate, slo=slo))


def rules(spec: Spec) -> Policy:
    return policy(spec, (_site(spec),))


def _site(spec: Spec) -> Site:
    from servec.compiler.search.survey import survey

    return survey(spec, Request(), True, None).alternatives[0][0]


def order(items: list[Outcome], lines: str = PLAIN) -> list[str]:
    spec = spec_of(lines)
    return [item.target.name for item in ranked(spec, items, rules(spec))]


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


def chosen(lines: str, *more: Target) -> DeploymentResult:
    sources = MemorySources({"x.srv": body(lines)})
    document, found = load(sources, "x.srv")
    assert document is not None and not found, found
    targets = tuple(sorted((*TARGETS, *more), key=lambda target: target.name))
    kept = {target.name: target for target in targets}
    return compile_documents(
        [document], tuple(kept.values()), Request(sources=sources)
    ).deployments[0]


TRT = Fake("trtllm")
WORK = "workload { input = 1k tokens; output = 250 tokens; concurrency = 48 }\n"
MEASURED = "measured { vllm = 920 tok/s; trtllm = 1430 tok/s; sglang = 900 tok/s }\n"


@pytest.mark.parametrize(
    ("lines", "first", "code"),
    [
        ("lifecycle { update_every = 7d }", "vllm", "operations.updates"),
        (
            'lora {\nadapter a { path = "./a"; rank = 8 }\nadapter b { path = "./b"; rank = 8 }\n}',
            "vllm",
            "operations.adapters",
        ),
        ("portability = any", "vllm", "operations.mixed-fleet"),
        ("", "trtllm", "measured"),
    ],
)
def test_engineering_reasons_outweigh_a_measured_lead(lines: str, first: str, code: str) -> None:
    found = chosen(PLAIN + WORK + MEASURED + lines, TRT)
    assert found.chosen is not None and found.chosen.target == first
    trt = next(item for item in found.candidates if item.target == "trtllm")
    assert code in reasons(trt)


def test_a_batch_that_is_stable_for_months_takes_the_measured_lead() -> None:
    lines = PLAIN + MEASURED + "workload { kind = batch; input = 1k tokens; output = 250 tokens"
    lines += "; concurrency = 48 }\nlifecycle { stable_for = 6mo }"
    found = chosen(lines, TRT)
    assert found.chosen is not None and found.chosen.target == "trtllm"
    assert "operations.stable" in reasons(found.chosen, good=True)


def test_a_weekly_engine_build_is_the_reason_where_there_is_one() -> None:
    builds = Fake("trtllm")
    builds.steps = (Step("build", "build", ("trtllm-build",)),)
    found = chosen(PLAIN + WORK + "lifecycle { update_every = 7d }", builds)
    trt = next(item for item in found.candidates if item.target == "trtllm")
    assert "repeats the engine build" in reasons(trt, good=False)["operations.engine-build"]
    assert found.chosen is not None and found.chosen.target != "trtllm"


def test_a_special_build_is_possible_but_not_first() -> None:
    reach = {**TRT.capabilities("1").reach, "sm90": "special: a branch of its own"}
    lines = PLAIN + "workload { kind = batch; input = 1k tokens; concurrency = 8 }\n"
    found = chosen(lines.replace("h100", "h200"), Fake("trtllm", reach=reach))
    legal = [item for item in found.candidates if not item.rejected and item.target != "tgi"]
    assert [item.target for item in legal][-1] == "trtllm"
    assert reasons(legal[-1], good=False)["reach"] == "a branch of its own"


def test_candidates_narrow_the_choice() -> None:
    found = one(PLAIN + "candidates = [sglang]")
    assert [item.target for item in found.candidates] == ["sglang"]


def test_throughput_alone_turns_the_dense_row_round() -> None:
    dense = "model = llama-3.3-70b\nhardware = h100 x 8\nprecision { weights = fp8; kv = fp8 }\n"
    assert rules(spec_of(dense)).order[0] == "vllm"
    assert rules(spec_of(dense + "slo { throughput >= 100 tok/s }")).order[0] == "trtllm"


def test_a_vision_agent_names_both_rows() -> None:
    lines = (
        "model = qwen3-vl-32b\nhardware = h100 x 4\nworkload { kind = agent; concurrency = 8 }\n"
    )
    lines += "features { modalities = [text, image]; tools = hermes; structured_output = true }"
    found = one(lines)
    assert found.chosen is not None
    assert {"matrix.3", "matrix.9"} <= {r.code for c in found.candidates for r in c.reasons}


def test_every_row_of_the_policy_has_a_source_and_known_traits() -> None:
    data = table()
    traits = {*rules(spec_of()).found, "engine_build", "one_copy"}
    for row in (*data["matrix"], *data["operations"]):
        assert row["source"]
        for case in row["when"]:
            for key in case:
                assert key.removesuffix("_min").removesuffix("_max") in traits
    assert {row["row"] for row in data["matrix"]} == set(range(1, 11))


MAC = "model = qwen3-4b\nhardware = m4-max-128g x 1\n"


def legal(found: DeploymentResult) -> list[str]:
    return [item.target for item in found.candidates if not item.rejected]


def test_an_edge_load_on_a_mac_goes_to_llamacpp_then_mlx() -> None:
    lines = "workload { kind = edge; input = 300 tokens; output = 100 tokens; concurrency = 1 }"
    assert legal(one(MAC + lines))[:2] == ["llamacpp", "mlx"]
    assert legal(one(MAC + lines.replace("edge", "chat")))[:2] == ["mlx", "llamacpp"]


@pytest.mark.parametrize("load", ["concurrency = 64", "concurrency = 9", "rate = 4 req/s"])
def test_many_requests_on_a_datacentre_gpu_are_not_for_llamacpp(load: str) -> None:
    lines = PLAIN + f"workload {{ input = 1k tokens; output = 200 tokens; {load} }}"
    found = one(lines)
    assert [name for name in legal(found) if name != "tgi"][-1] == "llamacpp"
    assert "context set aside" in reasons(of(found, "llamacpp"), good=False)["concurrency"]
    few = one(PLAIN + "workload { input = 1k tokens; output = 200 tokens; concurrency = 2 }")
    assert "concurrency" not in reasons(of(few, "llamacpp"))


def test_one_pass_keeps_no_cache_that_a_choice_could_turn_on() -> None:
    found = one(
        "model = qwen3-embedding-8b\nhardware = l4 x 1\n"
        "workload { kind = embedding; input = 512 tokens; concurrency = 64 }"
    )
    plans = [item.plan for item in found.candidates if item.plan is not None]
    assert plans and not [plan for plan in plans if plan.kv in ("fp8", "q8_0")]
    assert all("kv" not in reasons(item) for item in found.candidates if item.plan is not None)


def test_on_the_small_board_what_needs_a_special_build_stands_behind() -> None:
    found = one(
        "model = auto\nsize = small\nhardware = orin-nano-8g x 1\n"
        "workload { kind = edge; input = 300 tokens; output = 120 tokens; concurrency = 1 }"
    )
    assert found.chosen is not None and found.chosen.target == "llamacpp"
    plan = found.chosen.plan
    assert plan is not None and plan.weights_word == "q4_k_m"
    assert plan.max_model_len >= 4096
    refused = {item.target for item in found.candidates if item.rejected}
    assert {"mlx", "vllm"} <= refused
    assert all("SRV303" in reasons(of(found, name)) for name in ("mlx", "vllm"))
    assert "special build" in reasons(of(found, "sglang"))["decided"]


def test_what_cannot_keep_up_with_the_load_stands_behind_what_can() -> None:
    over = outcome("vllm", 1.0, 2.0)
    over = replace(over, performance=Performance(running=9.0, abstained="the queue grows"))
    quiet = replace(over, performance=Performance(abstained="no load is stated"))
    assert order([over, outcome("sglang", 5.0, 9.0)]) == ["sglang", "vllm"]
    assert order([quiet, outcome("sglang", 5.0, 9.0)]) == ["vllm", "sglang"]
