"""Prefill and decode apart: proposed where it is clearly nearer to what is promised."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from servec.compiler.choice.objective import CLOSE, MET, merit
from tests.plan.compiling import of, one, reasons

if TYPE_CHECKING:
    from servec.compiler.result import Candidate

DENSE = "model = llama-3.3-70b\nhardware = h100 x 8\nprecision { weights = fp8; kv = fp8 }\n"
LOAD = "workload { input = 4k tokens; output = 300 tokens; concurrency = 128 }\n"
TIGHT = "slo { ttft.p95 <= 4s; tpot.p95 <= 25ms }\n"


def test_roles_are_proposed_with_the_figures_of_both_ways() -> None:
    found = of(one(DENSE + LOAD + TIGHT, ("vllm",), wide=True), "vllm")
    why = reasons(found, good=False)["apart"]
    assert "prefill on" in why and "decode on" in why and "tpot.p95" in why
    line = next(r for r in found.reasons if r.code == "apart")
    first, second = line.figures["prefill"], line.figures["decode"]
    assert isinstance(first, int) and isinstance(second, int) and first + second == 8
    together = next(v for v in found.performance.slo if v.metric == "tpot.p95")  # type: ignore[union-attr]
    assert together.predicted is not None
    assert float(line.figures["tpot.p95"]) < together.predicted.low


def test_what_is_proposed_can_be_written_and_is_then_planned() -> None:
    found = of(one(DENSE + LOAD + TIGHT, ("vllm",), wide=True), "vllm")
    line = next(r for r in found.reasons if r.code == "apart")
    said = DENSE.replace("h100 x 8", "h100 x 4") + LOAD + "transfer = nixl\n"
    for role in ("prefill", "decode"):
        slo = "ttft.p95 <= 4s" if role == "prefill" else "tpot.p95 <= 25ms"
        count = line.figures[role]
        said += f"role {role} {{ hardware = h100 x {count}; slo {{ {slo} }} }}\n"
    made = one(said, ("vllm",)).chosen
    assert made is not None and made.performance is not None
    tpot = next(v for v in made.performance.slo if v.metric == "tpot.p95")
    assert tpot.predicted is not None
    assert tpot.predicted.value == pytest.approx(float(line.figures["tpot.p95"]), rel=0.05)


@pytest.mark.parametrize(
    "lines",
    [
        DENSE + LOAD,  # nothing is promised
        DENSE + LOAD + "slo { ttft.p95 <= 60s; tpot.p95 <= 500ms }",  # all is met
        (DENSE + LOAD + TIGHT).replace("h100 x 8", "h100 x 1"),  # one device has no parts
        "model = qwen3-8b\nhardware = m4-max-128g x 1\n" + LOAD + TIGHT,
    ],
)
def test_roles_are_not_proposed_without_need_or_means(lines: str) -> None:
    for item in one(lines, ("all",), wide=True).candidates:
        assert "apart" not in reasons(item)


def test_only_a_plan_is_told_so() -> None:
    found = of(one(DENSE + LOAD + TIGHT, ("vllm",)), "vllm")
    assert "apart" not in reasons(found)


APART = (
    "model = llama-3.3-70b\nhardware = h100 x 4\ntransfer = nixl\n"
    "precision { weights = fp8; kv = fp8 }\n"
    "workload { input = 6k tokens; output = 200 tokens; concurrency = 256 }\n"
    "role prefill { %s; slo { ttft.p95 <= %s } }\nrole decode { %s; slo { tpot.p95 <= %s } }\n"
)
OPEN = "replicas >= 1; replicas <= 6"


def whole(prefill: str, decode: str, ttft: str = "6s", tpot: str = "40ms") -> Candidate:
    made = one(APART % (prefill, ttft, decode, tpot), ("vllm",)).chosen
    assert made is not None
    return made


def test_the_copies_of_both_roles_are_matched() -> None:
    found = merit(whole(OPEN, OPEN).performance)
    for first in (1, 2, 4, 6):
        for second in (1, 2, 4, 6):
            other = merit(whole(f"replicas = {first}", f"replicas = {second}").performance)
            assert found[0] < other[0] or found[1] <= other[1] * CLOSE * 1.001


def test_the_fewest_copies_that_keep_the_promises() -> None:
    made = whole(OPEN, OPEN, "600s", "900ms")
    assert merit(made.performance)[0] == MET
    assert [case.plan.replicas for case in made.cases if case.plan is not None] == [1, 1]
