"""Five questions that a chooser has to answer, on the real runtimes."""

from __future__ import annotations

import pytest

from servec.targets import TARGETS
from tests.golden import ROOT
from tests.plan.compiling import compiled, of, one, reasons

NAMES = {target.name for target in TARGETS}
CHAT = "workload { kind = chat; input = 1k tokens; output = 250 tokens; concurrency = 48 }\n"
BATCH = "workload { kind = batch; input = 1k tokens; output = 250 tokens; concurrency = 48 }\n"
MEASURED = "measured { vllm = 920 tok/s; trtllm = 1430 tok/s }\n"
DENSE = "model = llama-3.3-70b\nhardware = h100 x 8\nprecision { weights = fp8 }\n"
WEEKLY = "lifecycle { update_every = 7d }\n"
ADAPTERS = (
    'lora {\n  adapter a { path = "./a"; rank = 8 }\n  adapter b { path = "./b"; rank = 8 }\n}\n'
)


def test_an_agent_on_a_large_mixture_goes_to_sglang_with_a_list_to_check() -> None:
    (found,) = compiled((ROOT / "specs" / "qwen3-moe.srv").read_text()).deployments
    chosen = found.chosen
    assert chosen is not None and chosen.target == "sglang"
    assert found.candidates[1].target == "vllm"
    why = reasons(chosen)
    assert {"SRV403", "kv", "prefix", "second", "slo.ttft.p95", "slo.tpot.p95"} <= why.keys()
    assert "128" in why["SRV403"] and "in flight" in why["kv"] and "vllm" in why["second"]
    assert {"features.tools", "features.structured_output"} <= why.keys()
    assert "vllm comes nearest" in reasons(chosen, good=False)["nearest"]
    assert "nearest" not in reasons(found.candidates[1])
    assert chosen.plan is not None and 1536 // chosen.plan.degrees.moe_tensor % 128 == 0


@pytest.mark.parametrize(
    ("lines", "code", "words"),
    [
        ('on trtllm { version = "1.3.0rc3"; backend = tensorrt }\n', "engine-build", "build"),
        ("", "updates", "without an engine build"),
    ],
)
def test_a_weekly_fine_tune_is_not_for_an_engine(lines: str, code: str, words: str) -> None:
    found = one(DENSE + CHAT + WEEKLY + lines)
    assert found.chosen is not None and found.chosen.target == "vllm"
    trt = of(found, "trtllm")
    assert words in reasons(trt, good=False)[f"operations.{code}"]
    assert f"operations.{code}" not in reasons(of(one(DENSE + CHAT + lines), "trtllm"))


def test_a_board_of_eight_gigabytes_runs_llama_cpp_and_a_small_model() -> None:
    for size in ("size = small\n", "size = medium\n"):
        found = one(
            f"model = auto\n{size}hardware = orin-nano-8g x 1\n"
            "workload { kind = edge; input = 300 tokens; output = 120 tokens; concurrency = 1 }"
        )
        chosen = found.chosen
        assert chosen is not None and chosen.target == "llamacpp" and chosen.plan is not None
        (case,) = chosen.cases
        assert case.model is not None and 1e9 < case.model.total < 9e9
        assert chosen.plan.weights_word == "q4_k_m"
        assert case.memory is not None and case.memory.fits
        for name in NAMES - {"llamacpp", "sglang"}:
            assert "SRV303" in reasons(of(found, name), good=False)
        # In its container for Jetson boards it takes such files, where they fit.
        assert reasons(of(found, "sglang"), good=False)


def test_retrieval_gains_more_from_a_tree_than_a_chat_and_says_how_much() -> None:
    load = "input = 6k tokens; output = 250 tokens; concurrency = 16; prefix_share = 60% }\n"
    rag, chat = (
        one(f"model = qwen3-32b\nhardware = h100 x 2\nworkload {{ kind = {kind}; {load}")
        for kind in ("rag", "chat")
    )
    assert rag.chosen is not None and rag.chosen.target == "sglang"
    figures = next(r.figures for r in rag.chosen.reasons if r.code == "matrix.6")
    assert figures == {"tree": 3600, "line": 225}
    assert chat.chosen is not None and "matrix.6" not in reasons(chat.chosen)


@pytest.mark.parametrize(
    ("lines", "first", "code"),
    [
        (CHAT + WEEKLY, "vllm", "operations.updates"),
        (CHAT + ADAPTERS, "vllm", "operations.adapters"),
        (CHAT + "portability = any\n", "vllm", "operations.mixed-fleet"),
        (BATCH + "lifecycle { stable_for = 6mo }\n", "trtllm", "operations.stable"),
    ],
)
def test_a_measured_lead_loses_to_an_engineering_reason_and_wins_without(
    lines: str, first: str, code: str
) -> None:
    found = one(DENSE.replace("h100", "h200") + MEASURED + lines)
    assert found.chosen is not None and found.chosen.target == first
    assert code in reasons(of(found, "trtllm"))
    assert "1430" in reasons(of(found, "trtllm"))["measured"]
