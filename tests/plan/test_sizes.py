"""The batch as part of the search: it moves where the usual one breaks a promise."""

from __future__ import annotations

import pytest

from servec.compiler.choice.objective import likely
from servec.compiler.ranks import sequences_apart
from tests.plan.compiling import of, one, reasons
from tests.plan.test_agreement import disagreements

DENSE = "model = llama-3.3-70b\nhardware = h100 x 8\nprecision { weights = fp8; kv = fp8 }\n"
MANY = "workload { input = 2k tokens; output = 300 tokens; concurrency = 256 }\n"
RATE = (
    "model = qwen3-8b\nhardware = h200 x 1\nprecision { kv = fp8 }\n"
    "workload { input = 300 tokens; output = 1500 tokens; rate = %s req/s }\n"
)


def batch(lines: str, target: str = "vllm") -> tuple[int, bool]:
    """The planned number of sequences of the whole replica, and whether the promises are kept."""
    found = of(one(lines, (target,)), target)
    plan = found.plan
    assert plan is not None
    ranks = plan.degrees.data if sequences_apart(found.cases[0]) else 1
    return plan.max_seqs * ranks, likely(found.performance)


def test_fewer_sequences_keep_a_promise_that_the_load_would_break() -> None:
    usual = batch(DENSE + MANY + "slo { tpot.p95 <= 500ms }")
    cut = batch(DENSE + MANY + "slo { tpot.p95 <= 30ms }")
    assert usual == (256, True)
    assert cut[0] < 256 and cut[1]


def test_the_command_says_the_batch_and_the_reason_says_why() -> None:
    found = one(DENSE + MANY + "slo { tpot.p95 <= 30ms }", ("all",))
    able = [item for item in found.candidates if not item.rejected]
    assert [line for item in able for line in disagreements(item)] == []
    item = of(found, "vllm")
    assert item.plan is not None
    why = reasons(item)["limits.batch"]
    assert f"a batch of {item.plan.max_seqs}" in why and "tpot.p95 would be" in why
    assert item.performance is not None and item.performance.waiting > 0
    told = [reason.text for reason in item.plan.reasons if reason.code == "limits.batch"]
    assert len(told) == 1 and "with 256 at a time" in told[0]


def test_the_tighter_the_promise_the_smaller_the_batch() -> None:
    found = [batch(DENSE + MANY + f"slo {{ tpot.p95 <= {ms}ms }}")[0] for ms in (90, 45, 30, 18)]
    assert found == sorted(found, reverse=True) and found[-1] < found[0]


@pytest.mark.parametrize(
    "more",
    [
        "limits { batch = 256 }\nparallel { tensor = 8 }\nslo { tpot.p95 <= 30ms }",
        "limits { batch >= 256; context = 8Ki tokens }\nparallel { tensor = 8 }\n"
        "slo { tpot.p95 <= 30ms }",
        "defaults = runtime\nslo { tpot.p95 <= 30ms }",
        "slo { ttft.p95 <= 10ms }",
        "",
    ],
)
def test_the_batch_stays_where_it_is_said_or_cutting_it_is_no_help(more: str) -> None:
    assert batch(DENSE + MANY + more)[0] == 256


def test_a_first_token_is_not_given_up_for_the_next_ones() -> None:
    both = "slo { tpot.p95 <= 30ms; ttft.p95 <= 3s }"
    found = of(one(DENSE + MANY + both, ("vllm",)), "vllm")
    assert found.performance is not None and found.performance.waiting < 128


def test_a_larger_batch_keeps_up_with_a_rate() -> None:
    slow = batch(RATE % 2 + "slo { ttft.p95 <= 5s }")
    fast = batch(RATE % 10 + "slo { ttft.p95 <= 5s }")
    assert slow[0] == 256
    assert fast[0] > 256 and fast[1]
