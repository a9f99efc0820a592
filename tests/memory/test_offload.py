"""What stays in the host's memory is not on the devices."""

from __future__ import annotations

import pytest

from servec.compiler.memory.account import Account, account
from servec.compiler.memory.estimate import estimate
from servec.compiler.memory.offload import Offload
from servec.compiler.memory.overridden import rules
from servec.compiler.plan import Degrees
from servec.dsl.record import replace
from tests.memory.make import case

GIB = 1 << 30


def held(name: str, offload: Offload | None, degrees: Degrees | None = None) -> Account:
    from servec.compiler.memory.case import served_case

    cut, build = degrees or Degrees(), "b11549"
    planned = case(name, "rtx-4090", cut, "llamacpp", build, seqs=1, length=8192)
    return account(replace(served_case(planned), offload=offload))


def test_layers_take_their_cache_along() -> None:
    whole = held("qwen3-32b", None)
    half = held("qwen3-32b", Offload(layers=33))  # 32 of 64 and the output
    output = held("qwen3-32b", Offload(layers=1)).weights
    assert half.weights - output == pytest.approx((whole.weights - output) / 2, rel=0.01)
    assert half.cache.bytes(8192) == pytest.approx(whole.cache.bytes(8192) / 2)
    assert held("qwen3-32b", Offload(layers=65)).weights == whole.weights
    none = held("qwen3-32b", Offload(layers=0))
    assert none.weights == 0
    assert none.cache.bytes(8192) == 0


def test_experts_leave_the_rest_of_their_layers() -> None:
    whole, bare = held("qwen3-30b-a3b", None), held("qwen3-30b-a3b", Offload(experts=-1))
    assert bare.weights < 0.1 * whole.weights
    assert bare.cache.bytes(8192) == whole.cache.bytes(8192)
    some = held("qwen3-30b-a3b", Offload(experts=12))
    share = (whole.weights - some.weights) / (whole.weights - bare.weights)
    assert share == pytest.approx(12 / 48)


def test_the_first_stage_loses_the_first_experts() -> None:
    two = Degrees(pipeline=2)
    assert held("qwen3-30b-a3b", Offload(experts=12), two).weights == pytest.approx(
        held("qwen3-30b-a3b", None, two).weights, rel=0.1
    )


def test_bytes_leave_each_device() -> None:
    plain = estimate(case("llama-3.3-70b", "h100", Degrees(2), seqs=8))
    less = estimate(case("llama-3.3-70b", "h100", Degrees(2), seqs=8, offload__weights=20 * GIB))
    assert plain.weights - less.weights == 20 * GIB


def overridden(name: str, text: str) -> Account:
    from servec.compiler.memory.case import served_case

    planned = case(name, "rtx-4090", Degrees(), "llamacpp", "b11549", seqs=1, length=8192)
    return account(replace(served_case(planned), overrides=text))


@pytest.mark.parametrize(
    "text", ["exps=CPU", r"blk\.[0-9]*\.ffn_(up|down|gate)_exps\.weight=CPU", "ffn_.*_exps.=CPU"]
)
def test_a_pattern_of_all_experts_is_what_the_field_says(text: str) -> None:
    bare = held("qwen3-30b-a3b", Offload(experts=-1))
    found = overridden("qwen3-30b-a3b", text)
    assert found.weights == pytest.approx(bare.weights)
    assert found.cache.bytes(8192) == bare.cache.bytes(8192)


def test_the_first_pattern_that_is_found_says_where_a_tensor_lies() -> None:
    whole = held("qwen3-32b", None).weights
    half = overridden("qwen3-32b", r"blk\.(\d|[12]\d|3[01])\.ffn=CPU").weights
    none = overridden("qwen3-32b", "ffn=CPU").weights
    assert whole - half == pytest.approx((whole - none) / 2)
    kept = overridden("qwen3-32b", r"blk\.(\d|[12]\d|3[01])\.ffn=CUDA0,ffn=CPU").weights
    assert kept == pytest.approx(half)


@pytest.mark.parametrize("text", ["(a+)+=CPU", "[=CPU", "exps", "x" * 401 + "=CPU"])
def test_a_pattern_that_is_not_followed_is_none(text: str) -> None:
    assert rules(text) is None
    assert overridden("qwen3-32b", text).weights == held("qwen3-32b", None).weights
