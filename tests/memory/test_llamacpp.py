"""llama.cpp's own memory report against the sum.

The figures are MiB on the GPU as `common_fit_print` of llama.cpp b11549 gives them, through the
`xllamacpp` 2026.10.11549 wheel on a pretended GPU with all layers on it, for files that have true
headers and no weights (`-c CONTEXT -np 1 -ngl 99`). It prints whole MiB, rounded down.
"""

from __future__ import annotations

import pytest

from servec.compiler.memory.account import account
from servec.compiler.memory.case import served_case
from servec.compiler.plan import Degrees
from tests.memory.make import case

MIB = 1 << 20

# model, file type, context; weights, cache, compute buffer
REPORTS = [
    ("llama-3.1-8b", "q4_k_m", 4096, 4403, 512, 286),
    ("llama-3.1-8b", "q4_k_m", 8192, 4403, 1024, 290),
    ("llama-3.1-8b", "q4_k_m", 32768, 4403, 4096, 314),
    ("llama-3.1-8b", "q8_0", 8192, 7605, 1024, 290),
    ("qwen3-4b", "q4_k_m", 4096, 2375, 576, 320),
    ("qwen3-4b", "q4_k_m", 8192, 2375, 1152, 324),
    ("qwen3-4b", "q4_k_m", 32768, 2375, 4608, 348),
    ("qwen3-4b", "q8_0", 8192, 4076, 1152, 324),
    ("qwen2.5-7b", "q4_k_m", 4096, 4168, 224, 329),
    ("qwen2.5-7b", "q4_k_m", 8192, 4168, 448, 333),
    ("qwen2.5-7b", "q4_k_m", 32768, 4168, 1792, 357),
    ("qwen2.5-7b", "q8_0", 8192, 7165, 448, 333),
    ("qwen3-30b-a3b", "q4_k_m", 4096, 17524, 384, 316),
    ("qwen3-30b-a3b", "q4_k_m", 8192, 17524, 768, 320),
    ("qwen3-30b-a3b", "q4_k_m", 32768, 17524, 3072, 344),
    ("qwen3-30b-a3b", "q8_0", 8192, 30658, 768, 320),
    ("mixtral-8x7b", "q4_k_m", 4096, 27059, 512, 204),
    ("mixtral-8x7b", "q4_k_m", 8192, 27059, 1024, 208),
    ("mixtral-8x7b", "q4_k_m", 32768, 27059, 4096, 232),
    ("mixtral-8x7b", "q8_0", 8192, 47193, 1024, 208),
    ("mistral-nemo", "q4_k_m", 4096, 6763, 640, 320),
    ("mistral-nemo", "q4_k_m", 8192, 6763, 1280, 314),
    ("mistral-nemo", "q4_k_m", 32768, 6763, 5120, 328),
    ("mistral-nemo", "q8_0", 8192, 11731, 1280, 314),
    ("llama-3.1-70b", "q4_k_m", 4096, 39979, 1280, 318),
    ("llama-3.1-70b", "q4_k_m", 8192, 39979, 2560, 322),
    ("llama-3.1-70b", "q4_k_m", 32768, 39979, 10240, 346),
    ("llama-3.1-70b", "q8_0", 8192, 70429, 2560, 322),
    ("gemma-3-1b", "q4_k_m", 4096, 762, 38, 526),
    ("gemma-3-1b", "q4_k_m", 8192, 762, 54, 530),
    ("gemma-3-1b", "q4_k_m", 32768, 762, 150, 554),
    ("gemma-3-1b", "q8_0", 8192, 1013, 54, 530),
]


@pytest.mark.parametrize(("name", "kind", "context", "weights", "cache", "buffer"), REPORTS)
def test_matches_the_runtimes_own_report(
    name: str, kind: str, context: int, weights: int, cache: int, buffer: int
) -> None:
    planned = case(name, "b300", Degrees(), "llamacpp", "b11549", "f16", kind, context, 1)
    found = account(served_case(planned))
    assert int(found.weights / MIB) == weights
    assert int(found.cache.bytes(context) / MIB) == cache
    assert found.working.activation / MIB == pytest.approx(buffer, rel=0.1)


def test_nine_in_ten_buffers_are_within_five_percent() -> None:
    errors = []
    for name, kind, context, _, _, buffer in REPORTS:
        planned = case(name, "b300", Degrees(), "llamacpp", "b11549", "f16", kind, context, 1)
        said = account(served_case(planned)).working.activation / MIB
        errors.append(abs(said / buffer - 1))
    assert sum(error < 0.05 for error in errors) >= 0.9 * len(errors)


def test_two_equal_gpus_share_layers_and_the_first_holds_more() -> None:
    """70B Q4_K_M on 2 x 24000 MiB: 20038 + 1312 + 240 on the first (b11549)."""
    planned = case(
        "llama-3.1-70b", "b300", Degrees(pipeline=2), "llamacpp", "b11549", "f16", "q4_k_m", 8192, 1
    )
    found = account(served_case(planned))
    assert found.weights / MIB == pytest.approx(20038, rel=0.01)
    assert found.cache.bytes(8192) / MIB == 1312


def test_a_quantised_cache() -> None:
    """Llama-3.1-8B, -c 8192, q8_0 for K and V: 544 MiB (b11549)."""
    planned = case("llama-3.1-8b", "b300", Degrees(), "llamacpp", "b11549", "q8_0", "q4_k_m", 8192)
    assert account(served_case(planned)).cache.bytes(8192) == 544 * MIB


def test_shared_memory_holds_the_embedding_too() -> None:
    """On a CPU the 8B file takes 4685 MiB, embedding included (b11549)."""
    planned = case(
        "llama-3.1-8b", "m3-ultra-256g", None, "llamacpp", "b11549", "f16", "q4_k_m", 8192
    )
    assert int(account(served_case(planned)).weights / MIB) == 4685
