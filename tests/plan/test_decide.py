"""Decisions: what is said stays, what is open is filled and has its reason."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from tests.plan.compiling import codes, finding, of, one, reasons

if TYPE_CHECKING:
    from servec.compiler.plan import Plan

QWEN = "model = qwen3-235b-a22b\nhardware = h200 x 8\n"
SMALL = "model = qwen3-8b\nhardware = h100 x 1\n"


def plan(lines: str, target: str = "vllm") -> Plan:
    found = of(one(lines, (target,)), target).plan
    assert found is not None
    return found


def why(lines: str, target: str = "vllm") -> dict[str, str]:
    return {reason.code: reason.text for reason in plan(lines, target).reasons}


def test_the_catalogue_s_own_checkpoint_of_a_precision() -> None:
    found = plan(QWEN + "precision { weights = fp8 }")
    assert (found.checkpoint, found.load) == ("Qwen/Qwen3-235B-A22B-FP8", "as_is")
    assert (found.weights, found.weights_word) == ("fp8_block128", "fp8")


def test_the_checkpoint_as_it_is() -> None:
    found = plan(SMALL)
    assert (found.checkpoint, found.load, found.weights) == ("Qwen/Qwen3-8B", "as_is", "bf16")


def test_a_named_repository_wins() -> None:
    found = plan(SMALL + 'checkpoint { repo = "me/mine" }\nprecision { weights = fp8 }')
    assert (found.checkpoint, found.load, found.weights_word) == ("me/mine", "as_is", "fp8")
    assert "me/mine" in why(SMALL + 'checkpoint { repo = "me/mine" }')["precision.weights"]


def test_a_named_repository_of_the_catalogue_is_taken_as_it_is_known() -> None:
    known = SMALL.replace("qwen3-8b", "qwen3-32b") + 'checkpoint { repo = "Qwen/Qwen3-32B-AWQ" }\n'
    assert plan(known).weights_word == "awq"
    loaded = plan(SMALL + 'checkpoint { repo = "Qwen/Qwen3-8B" }\nprecision { weights = fp8 }')
    assert (loaded.checkpoint, loaded.load) == ("Qwen/Qwen3-8B", "at_load")
    other = one(known + "precision { weights = fp8 }", ("vllm",))
    assert codes(other) == ["SRV311"]


def test_quantised_as_it_loads_where_no_checkpoint_is_known() -> None:
    found = plan("model = llama-3.2-3b\nhardware = h100 x 1\nprecision { weights = fp8 }")
    assert (found.load, found.weights_word) == ("at_load", "fp8")
    assert found.checkpoint == "meta-llama/Llama-3.2-3B-Instruct"


def test_a_type_the_device_lacks_is_cast() -> None:
    found = plan("model = qwen3-4b\nhardware = t4 x 1")
    assert (found.weights, found.kv) == ("fp16", "fp16")


def test_sixteen_bits_of_cache_unless_they_do_not_fit() -> None:
    assert plan(QWEN + "precision { weights = fp8 }").kv == "bf16"
    tight = "model = qwen3-32b\nhardware = h100 x 1\nlimits { context = 40Ki tokens; batch = 1 }\n"
    assert plan(tight).kv == "fp8"
    assert "does not fit" in why(tight)["precision.kv"]
    assert "SRV307" in codes(one(tight + "precision { kv = bf16 }", ("vllm",)))


def test_an_open_context_is_what_the_model_has_or_what_fits() -> None:
    assert plan(SMALL).max_model_len == 40960
    assert plan("model = llama-3.1-8b\nhardware = l4 x 1").max_model_len < 131072
    assert (
        "left for one sequence" in why("model = llama-3.1-8b\nhardware = l4 x 1")["limits.context"]
    )
    assert plan(SMALL + "limits { context <= 8Ki tokens }").max_model_len == 8192


def test_an_open_context_holds_a_long_request() -> None:
    lines = "model = llama-3.1-8b\nhardware = l4 x 1\n"
    lines += "workload { input = 2k tokens; output = 300 tokens; concurrency = 4 }"
    assert plan(lines).max_model_len >= 4600


@pytest.mark.parametrize(
    ("lines", "size"),
    [
        ("", 256),
        ("limits { batch = 7 }", 7),
        ("limits { batch <= 40 }", 40),
        ("limits { batch >= 300 }", 300),
        ("workload { input = 1k tokens; output = 100 tokens; concurrency = 48 }", 48),
        ("replicas = 4\nworkload { input = 1k tokens; output = 100 tokens; concurrency = 50 }", 13),
    ],
)
def test_sequences_in_flight(lines: str, size: int) -> None:
    assert plan(SMALL + lines).max_seqs == size


def test_tokens_of_a_pass() -> None:
    assert plan(SMALL).max_batched_tokens == 8192
    assert plan(SMALL + "limits { batched_tokens = 3000 tokens }").max_batched_tokens == 3000
    assert plan(SMALL + "limits { batched_tokens <= 3000 tokens }").max_batched_tokens == 3000
    long = SMALL + "features { chunked_prefill = false }\nlimits { context = 16Ki tokens }"
    assert plan(long).max_batched_tokens == 16384


def test_share_of_memory() -> None:
    assert plan(SMALL).memory_fraction == Fraction(9, 10)
    assert plan(SMALL + "limits { memory <= 85% }").memory_fraction == Fraction(85, 100)
    taken = plan(SMALL + "limits { memory = 40 GiB }").memory_fraction
    assert float(taken) == pytest.approx(40 * 2**30 / 85520809984)


def test_what_is_said_of_switches_stays() -> None:
    assert plan(SMALL).prefix_cache is True
    assert plan(SMALL + "features { prefix_cache = false }").prefix_cache is False
    assert plan(SMALL + "features { chunked_prefill = false }").chunked_prefill is False


def test_draft_tokens() -> None:
    lines = "model = deepseek-v3.1\nhardware = h200 x 8\nfeatures { speculative = mtp"
    assert plan(lines + " }").draft_tokens == 1
    assert plan(lines + "; draft_tokens = 3 }").draft_tokens == 3
    assert plan(SMALL).draft_tokens == 0


def test_no_reason_for_what_the_spec_says() -> None:
    lines = SMALL + "precision { weights = bf16; kv = bf16 }\nlimits { context = 8Ki tokens; "
    lines += "batch = 8; batched_tokens = 2048 tokens; memory = 90% }\n"
    lines += "features { prefix_cache = true; chunked_prefill = true }\nparallel { tensor = 1 }"
    assert why(lines) == {}


def test_nodes_between_bounds_are_the_fewest_that_serve() -> None:
    lines = "model = deepseek-v3\nhardware = h100 x 8\nnodes >= 1\nnodes <= 3\n"
    assert plan(lines).nodes == 2
    assert plan("model = qwen3-32b\nhardware = h100 x 8\nnodes >= 1\nnodes <= 3").nodes == 1


def test_alternatives_of_models_and_hardware() -> None:
    fits = one("model = [qwen3-235b-a22b, qwen3-32b]\nhardware = h100 x 2")
    assert fits.chosen is not None and fits.chosen.plan is not None
    assert fits.chosen.plan.checkpoint.startswith("Qwen/Qwen3-32B")
    wide = one("model = qwen3-32b\nhardware = [l4 x 1, h100 x 2]")
    assert wide.chosen is not None and wide.chosen.cases[0].hardware == "h100 x 2"


def test_any_model_is_the_largest_of_its_class_that_fits() -> None:
    found = one("model = auto\nsize = small\nhardware = l4 x 1")
    assert found.chosen is not None and found.chosen.cases[0].model is not None
    assert found.chosen.cases[0].model.name == "qwen3-4b"
    seeing = one(
        "model = auto\nsize = medium\nhardware = h100 x 1\nfeatures { modalities = [text, image] }"
    )
    assert seeing.chosen is not None and seeing.chosen.cases[0].model is not None
    assert seeing.chosen.cases[0].model.name == "qwen3-vl-8b"


def test_any_hardware_is_the_smallest_that_serves() -> None:
    found = one("model = qwen3-8b\nhardware = any\nlimits { context = 8Ki tokens }")
    assert found.chosen is not None
    assert found.chosen.cases[0].hardware.endswith("x 1")


def test_an_unknown_repository_is_planned_unseen_for_a_named_target() -> None:
    found = one('model = "acme/brand-new"\nhardware = h100 x 8\nparallel { tensor = 8 }', ("vllm",))
    assert codes(found) == ["SRV316"]
    assert found.chosen is not None and found.chosen.plan is not None
    assert found.chosen.plan.checkpoint == "acme/brand-new"
    assert found.chosen.plan.degrees.tensor == 8 and found.chosen.memory is None


def test_unstated_hardware_leaves_memory_open() -> None:
    found = one(SMALL.replace("h100 x 1", "any x 8") + "parallel { tensor = 8 }", ("vllm",))
    assert "SRV315" in codes(found)
    assert found.chosen is not None and found.chosen.memory is not None
    assert found.chosen.memory.fits is None


def test_a_context_too_long_is_the_spec_s_error() -> None:
    found = one("model = qwen3-8b\nhardware = h100 x 1\nlimits { context = 128Ki tokens }")
    assert codes(found) == ["SRV309"]
    assert finding(found, "SRV309").fixes[0].edits


def test_a_rejected_precision_names_runtime_and_hardware() -> None:
    lines = "model = qwen3-32b\nhardware = h100 x 1\nprecision { weights = mlx4 }"
    assert reasons(of(one(lines), "vllm"), good=False).keys() == {"SRV305"}


def test_copies_are_added_until_they_keep_up_with_what_arrives() -> None:
    lines = (
        "model = qwen3-32b\nhardware = h100 x 1\nprecision { weights = fp8 }\n"
        "replicas >= 1\nreplicas <= 20\n"
        "workload { kind = chat; input = 1k tokens; output = 300 tokens; rate = 60 req/s }\n"
        "slo { ttft.p95 <= 2s; tpot.p95 <= 120ms }"
    )
    for item in one(lines, ("vllm", "sglang", "trtllm")).candidates:
        assert item.plan is not None and item.plan.replicas > 3
        assert item.performance is not None and item.performance.e2e is not None
        fewer = lines.replace("replicas >= 1", "replicas >= 2").replace("<= 20", "<= 3")
        overrun = one(fewer, (item.target,)).chosen
        assert overrun is not None and overrun.performance is not None
        assert "faster than they are served" in overrun.performance.abstained
