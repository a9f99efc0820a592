"""The order of runtimes for whole specs: what the policy says, and what turns it round."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from servec.compiler.choice.policy import table
from servec.compiler.plan import Performance
from servec.compiler.target import Step
from servec.dsl.record import replace
from tests.plan.choosing import PLAIN, chosen, order, outcome, rules, spec_of
from tests.plan.compiling import of, one, reasons
from tests.plan.fakes import Fake

if TYPE_CHECKING:
    from servec.compiler.result import DeploymentResult

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
