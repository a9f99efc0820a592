"""Layouts: everything legal within what the spec says, in a fixed order, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from servec.compiler.catalogue.devices import find_device
from servec.compiler.catalogue.models import find_model
from servec.compiler.decide.degrees import MOST, divisors, fast_link, layouts
from servec.dsl.load import load
from servec.dsl.sources import MemorySources
from tests.plan.compiling import body, codes, finding, one

if TYPE_CHECKING:
    from servec.dsl.spec import Spec


def spec(lines: str) -> Spec:
    document, found = load(MemorySources({"x.srv": body(lines)}), "x.srv")
    assert document is not None and not found
    return document.deployments[0]


def degrees(
    lines: str, model: str, device: str, nodes: int, per_node: int
) -> list[tuple[int, ...]]:
    text = f"model = {model}\nhardware = {device} x {per_node}\n{lines}"
    found = layouts(spec(text), find_model(model), find_device(device), nodes, per_node)
    return [(d.tensor, d.pipeline, d.data, d.context, d.expert) for d in found]


def test_divisors() -> None:
    assert [divisors(n) for n in (1, 8, 12, 49)] == [
        (1,),
        (1, 2, 4, 8),
        (1, 2, 3, 4, 6, 12),
        (1, 7, 49),
    ]


def test_every_open_layout_of_a_dense_model() -> None:
    found = degrees("", "qwen3-32b", "h100", 1, 8)
    products = {(t, p, 8 // t // p, 1, 1) for t in (1, 2, 4, 8) for p in (1, 2, 4, 8) if t * p <= 8}
    assert set(found) == products and len(found) == len(products)


def test_pins_and_bounds_are_obeyed() -> None:
    lines = "parallel { tensor >= 2; tensor <= 4; pipeline = 1; expert = 8 }"
    assert set(degrees(lines, "qwen3-235b-a22b", "h200", 1, 8)) == {
        (2, 1, 4, 1, 8),
        (4, 1, 2, 1, 8),
    }


def test_context_splits_only_where_the_spec_says_so() -> None:
    assert {d[3] for d in degrees("", "qwen3-32b", "h100", 1, 8)} == {1}
    assert {d[3] for d in degrees("parallel { context = 2 }", "qwen3-32b", "h100", 1, 8)} == {2}


def test_heads_bound_the_tensor_split() -> None:
    # phi-4: 40 query heads and 10 KV heads; 4 and 8 divide the queries only
    assert {d[0] for d in degrees("", "phi-4", "h100", 1, 8)} == {1, 2}


def test_a_cluster_stays_within_bounds() -> None:
    assert len(degrees("", "deepseek-v3", "gb200", 18, 4)) == MOST


def test_the_first_layout_is_the_usual_one() -> None:
    assert degrees("", "qwen3-235b-a22b", "h200", 1, 8)[0] == (8, 1, 1, 1, 8)
    assert degrees("", "llama-3.1-405b", "h100", 2, 8)[0] == (8, 2, 1, 1, 1)
    assert degrees("", "qwen3-8b", "h100", 1, 1) == [(1, 1, 1, 1, 1)]
    assert degrees("", "deepseek-v3", "h100", 2, 8)[0][:3] == (8, 2, 1)
    wide = degrees("fabric = infiniband", "deepseek-v3", "h100", 2, 8)[0]
    assert wide == (8, 1, 2, 1, 16)


@pytest.mark.parametrize(
    ("device", "nodes", "per_node", "fabric", "link"),
    [
        ("h100", 1, 8, "", 8),
        ("h100", 2, 8, "fabric = infiniband", 8),
        ("gb200", 4, 4, "fabric = nvl72", 72),
        ("gb200", 4, 4, "fabric = ethernet", 4),
        ("l40s", 1, 8, "", 4),
        ("any", 1, 8, "", 8),
    ],
)
def test_the_fast_link_ends_with_the_domain(
    device: str, nodes: int, per_node: int, fabric: str, link: int
) -> None:
    text = f"model = qwen3-32b\nhardware = h100 x 8\n{fabric}"
    assert fast_link(spec(text), find_device(device), nodes, per_node) == link


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ("parallel { tensor = 3 }", "SRV401"),
        ("parallel { tensor = 4; data = 4 }", "SRV404"),
        ("parallel { tensor >= 16 }", "SRV404"),
        ("parallel { data = 3 }", "SRV404"),
        ("parallel { tensor = 8; expert = 3 }", "SRV404"),
    ],
)
def test_a_spec_that_admits_no_layout_is_told_which_rule(lines: str, code: str) -> None:
    found = one(f"model = qwen3-235b-a22b\nhardware = h200 x 8\n{lines}")
    assert codes(found) == [code]
    assert {item.status for item in found.candidates} == {"rejected"}


def test_the_sum_counts_nodes() -> None:
    found = one(
        "model = qwen3-32b\nhardware = h200 x 8\nnodes = 2\n"
        "parallel { tensor = 8; data = 1; pipeline = 1 }"
    )
    assert "2 x 8 = 16 devices" in finding(found, "SRV404").title


@pytest.mark.parametrize("count", ["h200 x 8", "h100 x 8", "b200 x 8"])
@pytest.mark.parametrize("load", ["", "concurrency = 4", "concurrency = 64", "concurrency = 1024"])
def test_the_block_checkpoint_is_never_cut_where_the_spec_leaves_the_split_open(
    count: str, load: str
) -> None:
    """Tensor parallelism over eight without spread experts leaves 192 columns, 1.5 blocks."""
    work = f"workload {{ input = 2k tokens; output = 500 tokens; {load} }}\n" if load else ""
    lines = f"model = qwen3-235b-a22b-fp8\nhardware = {count}\n{work}"
    found = one(lines, ("all",), wide=True)
    plans = [item.plan for item in found.candidates if item.plan is not None]
    assert len(plans) >= 4
    for plan in plans:
        assert 1536 // plan.degrees.moe_tensor % 128 == 0, plan.degrees


@pytest.mark.parametrize(
    ("model", "tensor", "context", "taken"),
    [
        ("qwen3-235b-a22b-fp8", 4, 2, True),  # 8 ranks, 4 KV heads: two copies, split in two
        ("qwen3-235b-a22b-fp8", 2, 4, False),  # four ways, but there are two copies only
        ("qwen3-235b-a22b-fp8", 1, 8, False),
        ("deepseek-v3", 1, 8, True),  # one latent head, which every rank holds
        ("deepseek-v3", 2, 4, True),
        ("llama-3.3-70b", 4, 2, False),  # 8 ranks for 8 KV heads: nothing is copied
    ],
)
def test_a_context_split_re_uses_copies_of_heads(
    model: str, tensor: int, context: int, taken: bool
) -> None:
    lines = f"model = {model}\nhardware = h200 x 8\ntarget = vllm\n"
    found = one(lines + f"parallel {{ tensor = {tensor}; context = {context} }}")
    assert (found.chosen is not None) is taken
    if found.chosen is None:
        assert finding(found, "SRV310").primary.span
        return
    argv = found.chosen.launch().processes[0].argv
    assert argv[argv.index("--tensor-parallel-size") + 1] == "8"
    assert argv[argv.index("--decode-context-parallel-size") + 1] == str(context)
    plain = one(lines + "parallel { tensor = 8; context = 1 }").chosen
    assert plain is not None and plain.memory is not None and found.chosen.memory is not None
    assert found.chosen.memory.weights <= plain.memory.weights * 1.02


def test_groups_of_four_bits_are_left_whole_where_the_spec_leaves_the_split_open() -> None:
    for count in (4, 8):
        found = one(f"model = qwen3-30b-a3b-gptq\nhardware = a100-80g x {count}", ("all",))
        plans = [item.plan for item in found.candidates if item.plan is not None]
        assert plans
        assert all(768 // plan.degrees.moe_tensor % 128 == 0 for plan in plans)
