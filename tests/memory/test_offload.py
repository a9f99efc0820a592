"""What stays in the host's memory is not on the devices."""

from __future__ import annotations

import pytest

from servec.compiler.memory.account import Account, account
from servec.compiler.memory.estimate import estimate
from servec.compiler.memory.offload import Offload
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
