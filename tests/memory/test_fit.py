"""The largest values that fit, and the share a runtime is told."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from servec.compiler.catalogue.devices import ANY_DEVICE
from servec.compiler.memory.estimate import estimate
from servec.compiler.memory.fit import longest_context, most_sequences, runtime_share
from servec.compiler.plan import Degrees
from servec.dsl.record import replace
from tests.memory.make import case

if TYPE_CHECKING:
    from servec.compiler.target import Case


def lengthened(planned: Case, length: int) -> Case:
    assert planned.plan is not None
    return replace(planned, plan=replace(planned.plan, max_model_len=length))


@pytest.mark.parametrize("name", ["qwen3-32b", "gpt-oss-20b", "gemma-3-27b", "deepseek-v2-lite"])
def test_the_longest_context_fits_and_no_longer_one(name: str) -> None:
    planned = case(name, "h100", length=10**7)
    longest = longest_context(planned)
    assert 0 < longest < 10**7
    found = estimate(lengthened(planned, longest))
    assert found.margin >= found.band - 1
    more = estimate(lengthened(planned, longest + 4096))
    assert more.margin < more.band


def test_without_the_band_it_is_longer() -> None:
    planned = case("qwen3-32b", "h100", length=10**6)
    assert longest_context(planned, sure=False) > longest_context(planned)
    edge = longest_context(planned, sure=False)
    assert estimate(lengthened(planned, edge)).margin >= 0


def test_a_promised_batch_shares_the_room() -> None:
    one = longest_context(case("qwen3-8b", "h100", length=10**6, limits__batch=1, seqs=8))
    four = longest_context(case("qwen3-8b", "h100", length=10**6, limits__batch=4, seqs=8))
    assert four == pytest.approx(one / 4, rel=0.01)


def test_nothing_fits_beside_weights_that_are_too_large() -> None:
    planned = case("llama-3.3-70b", "h100")
    assert longest_context(planned) == 0
    assert most_sequences(planned) == 0


def test_unknown_memory_bounds_nothing() -> None:
    planned = replace(case("qwen3-8b", "h100", length=4096), device=ANY_DEVICE)
    assert longest_context(planned, 5000) == 5000
    assert most_sequences(planned) == 0


def test_sequences_of_the_whole_replica() -> None:
    planned = case("deepseek-v3", "h200", Degrees(1, 1, 8, 1, 8), length=8192)
    most = most_sequences(planned)
    assert most % 8 == 0 and most > 0
    assert most_sequences(planned, 16384) < most


def test_the_share_of_the_device_is_the_budget() -> None:
    assert runtime_share(case("qwen3-8b", "h100")) == 0.9


def test_the_static_share_leaves_room_for_activations() -> None:
    """SGLang's fraction is of the memory free at start, weights and cache alike."""
    planned = case("qwen3-8b", "h100", None, "sglang", "0.5.23")
    found, share = estimate(planned), runtime_share(planned)
    assert 0.75 < share < 0.9
    assert found.device is not None
    before = found.device - (found.overhead - _graphs(planned))
    assert share * before <= found.weights + found.kv_pool <= (share + 0.002) * before


def _graphs(planned: Case) -> int:
    return next(item.bytes for item in estimate(planned).items if item.name == "graphs")


def test_the_free_share_is_of_what_weights_leave() -> None:
    planned = case("qwen3-8b", "h100", None, "trtllm", "1.3.0rc3")
    found, share = estimate(planned), runtime_share(planned)
    assert 0 < share < 1
    assert found.device is not None
    free = found.device - found.weights - found.activation - found.overhead
    assert share * free <= found.kv_pool * 1.01


def test_a_runtime_without_such_an_option_keeps_the_plans_share() -> None:
    planned = case(
        "qwen3-4b",
        "rtx-4090",
        None,
        "llamacpp",
        "b11549",
        "f16",
        "q4_k_m",
        4096,
        1,
        share=Fraction(3, 4),
    )
    assert runtime_share(planned) == 0.75
