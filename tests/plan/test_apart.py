"""Prefill and decode apart: taken where only that likely keeps both promises, proposed where it is
clearly nearer to one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import servec
from servec.compiler.choice.objective import CLOSE, MET, likely, merit
from tests.plan.compiling import body, of, one, reasons
from tests.plan.test_agreement import disagreements

if TYPE_CHECKING:
    from servec.compiler.result import Candidate

DENSE = "model = llama-3.3-70b\nhardware = h100 x 8\nprecision { weights = fp8; kv = fp8 }\n"
LOAD = "workload { input = 8k tokens; output = 300 tokens; concurrency = 48 }\n"
TIGHT = "slo { ttft.p95 <= 5s; tpot.p95 <= 16ms }\n"


def launch_files(lines: str) -> str:
    """The launch script of a deployment on vLLM."""
    (made,) = servec.compile({"x.srv": body(lines)}, target="vllm").emissions
    return next(item.text for item in made.artifacts if item.path == "launch.sh")


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
        slo = "ttft.p95 <= 5s" if role == "prefill" else "tpot.p95 <= 16ms"
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


TAKEN = (
    "model = llama-3.3-70b\nprecision { weights = fp8; kv = fp8 }\nworkload { input = %s tokens;"
    " output = %s tokens; concurrency = %s; prefix_share = 0%% }\nslo { %s }\n"
)
ONE_NODE = "hardware = h100 x 8\n" + TAKEN % ("8k", 200, 32, "ttft.p95 <= 8s; tpot.p95 <= 35ms")
FOUR_NODES = "hardware = h100 x 8\nnodes = 4\n" + TAKEN % (
    *("2k", 300, 256),
    "ttft.p95 <= 12s; tpot.p95 <= 28ms",
)


@pytest.mark.parametrize("target", ["vllm", "auto", "all"])
def test_roles_are_taken_where_only_they_keep_both_promises(target: str) -> None:
    found = one(ONE_NODE, (target,)).chosen
    assert found is not None and [case.role for case in found.cases] == ["prefill", "decode"]
    assert likely(found.performance)
    told = [(line.good, line.text) for line in found.reasons if line.code == "apart"]
    assert [good for good, _ in told] == [True, False]
    assert "instead of" in told[0][1] and "no run in roles was measured" in told[1][1]


def test_a_plan_in_one_stands_behind_the_roles() -> None:
    found = one(ONE_NODE, ("vllm",), wide=True)
    together = [item for item in found.candidates if item.target == "vllm" and item.plan]
    assert together and not any(likely(item.performance) for item in together)


def test_roles_of_one_machine_have_devices_of_their_own() -> None:
    emission = launch_files(ONE_NODE)
    lines = [line.split("=")[1] for line in emission.splitlines() if "CUDA_VISIBLE" in line]
    devices = [number for line in lines for number in line.split(",")]
    assert sorted(devices, key=int) == [str(number) for number in range(8)]


def test_several_nodes_become_copies_of_each_role() -> None:
    found = one(FOUR_NODES, ("vllm",)).chosen
    assert found is not None and len(found.cases) == 2
    plans = [case.plan for case in found.cases if case.plan is not None]
    assert sum(plan.replicas for plan in plans) == 4 and {plan.nodes for plan in plans} == {1}
    assert "CUDA_VISIBLE" not in launch_files(FOUR_NODES)


@pytest.mark.parametrize(
    "more",
    [
        "parallel { tensor = 8 }",
        "defaults = runtime",
        "features { speculative = ngram }",
        'lora { adapter "a" { path = "s3://a"; rank = 16 } }',
        "on vllm { max-model-len = 16384 }",
        'assert parallel.tensor <= 8 else "wide"',
    ],
)
def test_roles_are_not_taken_from_a_spec_that_says_how_it_is_served(more: str) -> None:
    found = one(ONE_NODE + more, ("vllm",)).chosen
    assert found is not None and len(found.cases) == 1


@pytest.mark.parametrize("slo", ["tpot.p95 <= 35ms", "ttft.p95 <= 6s", "ttft.p95 <= 1s"])
def test_one_promise_alone_is_no_reason_for_roles(slo: str) -> None:
    lines = "hardware = h100 x 8\n" + TAKEN % ("8k", 200, 32, slo)
    for item in one(lines, ("all",)).candidates:
        assert len(item.cases) < 2


def test_a_rate_is_never_more_than_prefill_can_serve() -> None:
    """Prefill is no bottleneck that a closed load could run through."""
    for load in (16, 64, 256):
        made = one(APART.replace("256", str(load)) % ("", "60s", "", "90ms"), ("vllm",)).chosen
        assert made is not None and made.performance is not None
        busy = next(note for note in made.performance.notes if "busy" in note)
        assert float(busy.split()[3].rstrip("%")) <= 100


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


@pytest.mark.parametrize("lines", [ONE_NODE, FOUR_NODES])
def test_what_roles_assume_is_what_their_commands_say(lines: str) -> None:
    able = [item for item in one(lines, ("all",)).candidates if not item.rejected]
    assert [line for item in able for line in disagreements(item)] == []
