"""Layouts that runtimes take, as their own source says: block FP8, groups, experts."""

from __future__ import annotations

import pytest

from servec.compiler.catalogue.devices import find_device
from servec.compiler.catalogue.models import find_model
from servec.compiler.decide.legal import legal
from servec.compiler.plan import Degrees
from servec.compiler.rules.cuts import cuts
from servec.compiler.target import Case
from servec.dsl.diagnostic import Span
from servec.dsl.spec import Spec
from tests.plan.fakes import SGLANG, VLLM

OLD, NEW = ("vllm", "0.22.1"), ("vllm", "0.33.0")
SGL_OLD, SGL = ("sglang", "0.5.12.post1"), ("sglang", "0.5.23")
ALL = (OLD, NEW, SGL_OLD, SGL)
QWEN = "Qwen/Qwen3-235B-A22B-FP8"
SMALL = "Qwen/Qwen3-30B-A3B-FP8"


def case(model: str, runtime: tuple[str, str], device: str = "h200", gpus: int = 8) -> Case:
    target = {"vllm": VLLM, "sglang": SGLANG}[runtime[0]]
    span = Span("x.srv", 0, 1)
    found, kind = find_model(model), find_device(device)
    assert found is not None and kind is not None
    return Case(
        spec=Spec("x", "x.srv", span, span, {}),
        target=target,
        capabilities=target.capabilities(runtime[1]),
        model=found,
        device=kind,
        devices_per_node=gpus,
        nodes=1,
    )


LAYOUTS = [
    # Qwen3-235B-A22B-FP8, experts of 1536 columns in blocks of 128 x 128
    (QWEN, Degrees(8), {NEW}),
    (QWEN, Degrees(8, expert=8), {*ALL}),
    (QWEN, Degrees(8, expert=2), {SGL_OLD, SGL}),
    (QWEN, Degrees(4), {*ALL}),
    (QWEN, Degrees(4, data=2), {NEW}),
    (QWEN, Degrees(4, pipeline=2), {*ALL}),
    # Qwen3-30B-A3B-FP8, 768 columns
    (SMALL, Degrees(2), {*ALL}),
    (SMALL, Degrees(4), {NEW}),
    (SMALL, Degrees(8), {NEW}),
    # DeepSeek-V3, 2048 columns
    ("deepseek-v3", Degrees(8), {*ALL}),
    ("deepseek-v3", Degrees(16), {*ALL}),
    ("deepseek-v3", Degrees(32), set()),  # experts of 64 are refined, shared ones are not
    # Step-3.7-Flash: 1280 columns, and but for the routed experts nothing is in blocks
    ("stepfun-ai/Step-3.7-Flash-FP8", Degrees(8, expert=8), {*ALL}),
    ("stepfun-ai/Step-3.7-Flash-FP8", Degrees(8), {NEW}),
    ("stepfun-ai/Step-3.5-Flash-FP8", Degrees(8, expert=8), set()),
    # GPTQ in groups of 128: kernels halve the group down to 32, no further
    ("Qwen/Qwen3-30B-A3B-GPTQ-Int4", Degrees(2), {*ALL}),
    ("Qwen/Qwen3-30B-A3B-GPTQ-Int4", Degrees(8), {*ALL}),
    ("Qwen/Qwen3-30B-A3B-GPTQ-Int4", Degrees(16), set()),
    # AWQ in groups of 128: 29696 columns are 232 groups, 25600 are 200
    ("Qwen/Qwen2.5-72B-Instruct-AWQ", Degrees(8), {*ALL}),
    ("qwen3-32b-awq", Degrees(8), {*ALL}),
    # 64 query heads, 4 KV heads
    (QWEN, Degrees(16, expert=16), {*ALL}),
    (QWEN, Degrees(3, data=1), set()),
]


def shown(value: object) -> str:
    """A test id that is the same in every process: sets are sorted."""
    return str(sorted(value)) if isinstance(value, set) else str(value)


@pytest.mark.parametrize(("model", "degrees", "takes"), LAYOUTS, ids=shown)
def test_a_layout_is_legal_exactly_where_the_runtime_takes_it(
    model: str, degrees: Degrees, takes: set[tuple[str, str]]
) -> None:
    assert {runtime for runtime in ALL if legal(case(model, runtime), degrees)} == takes


def test_refined_blocks_need_native_fp8_and_are_told() -> None:
    found = cuts(case(QWEN, NEW), Degrees(8))
    assert found is not None and (found.width, found.ranks, found.refined) == (1536, 8, 64)
    assert not legal(case(QWEN, NEW, device="a100-80g"), Degrees(8))
    assert legal(case(QWEN, NEW, device="a100-80g"), Degrees(8, expert=8))


@pytest.mark.parametrize(
    ("model", "degrees", "runtimes"),
    [
        ("qwen3-235b-a22b", Degrees(8, expert=4), {SGL_OLD, SGL}),  # vLLM: all or none
        ("qwen3-32b", Degrees(4, data=2), {*ALL}),  # copies of a dense model
        ("qwen3-32b", Degrees(8, expert=8), set()),  # no experts to spread
        ("qwen3-235b-a22b", Degrees(2, data=3, expert=6), {OLD, NEW}),  # 128 = 21 x 6 + 2
    ],
    ids=shown,
)
def test_degrees_that_a_runtime_cannot_express(
    model: str, degrees: Degrees, runtimes: set[tuple[str, str]]
) -> None:
    assert {r for r in ALL if legal(case(model, r), degrees)} == runtimes


def test_vision_heads_count_where_images_are_asked_for() -> None:
    from tests.plan.compiling import codes, one

    lines = "model = qwen3-vl-235b-a22b\nhardware = h200 x 8\nnodes = 4\ntarget = vllm\n"
    lines += "parallel { tensor = 32 }\n"
    assert "SRV401" not in codes(one(lines))
    seeing = one(lines + "features { modalities = [text, image] }")
    assert codes(seeing).count("SRV401") == 1


def test_a_degree_that_excludes_a_feature_is_refused_with_it_only() -> None:
    from tests.plan.compiling import codes, finding, one

    lines = "model = qwen3-32b\nhardware = h100 x 4\ntarget = sglang\n"
    lines += "parallel { tensor = 2; pipeline = 2 }\n"
    assert codes(one(lines)) == []
    both = one(lines + "features { speculative = ngram }")
    assert codes(both) == ["SRV310"]
    assert "pipeline = 2" in finding(both, "SRV310").title
    free = one(lines.replace("; pipeline = 2", "") + "features { speculative = ngram }")
    assert free.chosen is not None and free.chosen.plan is not None
    assert free.chosen.plan.degrees.pipeline == 1


def test_feed_forward_columns_divide_too() -> None:
    from servec.compiler.rules.srv401_heads_tensor import check
    from servec.dsl.record import replace
    from tests.plan.choosing import PLAN

    own = case("qwen3-30b-a3b", NEW)  # 768 columns an expert; 32 heads
    assert legal(own, Degrees(16)) and not legal(own, Degrees(32, data=16))
    found = check(replace(own, plan=replace(PLAN, degrees=Degrees(32, data=16))))
    assert found is not None and found.figures[0].value == 768


def test_a_tensor_group_that_straddles_nodes_leaves_the_link() -> None:
    from servec.compiler.decide.degrees import leaves_link
    from servec.dsl.record import replace

    own = replace(case("qwen3-32b", NEW, gpus=6), nodes=2)
    assert leaves_link(own, Degrees(4, pipeline=3))
    assert not leaves_link(own, Degrees(2, pipeline=6))


def test_a_group_that_straddles_two_ranks_is_refused() -> None:
    from servec.dsl.record import replace

    own = case("Qwen/Qwen2.5-72B-Instruct-AWQ", NEW)
    assert own.model is not None
    thin = tuple(replace(g, ffn=replace(g.ffn, width=29568)) for g in own.model.groups)
    cut = cuts(replace(own, model=replace(own.model, groups=thin)), Degrees(2))
    assert cut is not None and (cut.width, cut.block, cut.refined) == (29568, 128, 0)
