"""Runtimes that set every slot's context aside: all slots fit, and the fewest are given up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.plan.compiling import codes, of, one

if TYPE_CHECKING:
    from servec.compiler.plan import Plan
    from servec.compiler.result import DeploymentResult

DENSE = "model = llama-3.3-70b\nhardware = rtx-4090 x 2\nprecision { weights = q4_k_m }\n"
SMALL = "model = qwen3-4b\nhardware = orin-nano-8g x 1\nprecision { weights = q4_k_m }\n"


def llamacpp(lines: str) -> DeploymentResult:
    return one(lines, ("llamacpp",))


def plan(found: DeploymentResult) -> Plan:
    candidate = of(found, "llamacpp")
    assert candidate.plan is not None and candidate.memory is not None
    memory, made = candidate.memory, candidate.plan
    assert memory.fits and memory.margin >= 0
    assert memory.needed_tokens == made.max_seqs * made.max_model_len
    return made


def test_slots_that_no_load_asks_for_go_before_the_context_is_cut() -> None:
    made = plan(llamacpp(DENSE))
    assert made.max_seqs == 1
    assert made.max_model_len >= 4096
    roomy = plan(llamacpp(SMALL + "limits { context = 4Ki tokens }"))
    assert 1 <= roomy.max_seqs <= 4 and roomy.max_model_len == 4096


def test_the_context_is_cut_before_requests_wait() -> None:
    load = "workload { input = 500 tokens; output = 100 tokens; concurrency = 4 }"
    made = plan(llamacpp(SMALL + load))
    assert made.max_seqs == 4
    assert 1200 <= made.max_model_len < 40960
    pinned = plan(llamacpp(SMALL + load + "\nlimits { context = 16Ki tokens }"))
    assert pinned.max_seqs < 4 and pinned.max_model_len == 16384


def test_a_promised_batch_stays_and_must_fit() -> None:
    found = llamacpp(SMALL + "limits { context = 16Ki tokens; batch = 8 }")
    assert "SRV307" in codes(found)


def test_layers_are_spread_unless_the_spec_names_a_tensor_split() -> None:
    assert plan(llamacpp(DENSE)).degrees.pipeline == 2
    assert plan(llamacpp(DENSE + "parallel { tensor = 2 }")).degrees.tensor == 2
    cache = DENSE.replace("q4_k_m", "q4_k_m; kv = q8_0") + "parallel { tensor = 2 }"
    assert plan(llamacpp(cache)).degrees.tensor == 2
    assert codes(llamacpp(cache + '\non llamacpp { version = "b9093" }')) == ["SRV310"]
    old = DENSE + 'parallel { tensor = 2 }\non llamacpp { version = "b8672" }'
    assert codes(llamacpp(old)) == ["SRV310"]


def test_macs_split_what_mlx_can_cut() -> None:
    two = "hardware = m3-ultra-512g x 1\nnodes = 2\nprecision { weights = mlx4 }\n"
    split = one("model = qwen3-235b-a22b\n" + two + "parallel { tensor = 2 }", ("mlx",))
    assert of(split, "mlx").plan is not None
    older = two + 'parallel { tensor = 2 }\non mlx { version = "0.31.3" }'
    assert codes(one("model = qwen3-235b-a22b\n" + older, ("mlx",))) == ["SRV310"]
