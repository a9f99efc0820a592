"""The rows of the matrix with other models and other hardware of the same class: same picks."""

from __future__ import annotations

import re

import pytest

from servec.targets import TARGETS
from tests.plan.compiling import of, one, reasons

NAMES = {target.name for target in TARGETS}
CHAT = "workload { kind = chat; input = 1k tokens; output = 300 tokens; concurrency = 64 }"
LONG = "workload { kind = chat; input = 4k tokens; output = 1k tokens; concurrency = 96 }"
SLO = "slo { ttft.p95 <= 4s; tpot.p95 <= 120ms }"
FP8 = "precision { weights = fp8 }"
FP4 = "precision { weights = nvfp4 }"
AGENT = (
    "workload { kind = agent; input = 6k tokens; output = 400 tokens; concurrency = 24;"
    " prefix_share = 80%% }\nfeatures { tools = %s; structured_output = true }"
)
EMBED = (
    "workload { kind = embedding; input = 512 tokens; concurrency = 128 }\n"
    "features { task = embed }"
)
BATCH = "workload { kind = batch; input = 2k tokens; output = 400 tokens; concurrency = 256 }"
RAG = (
    "workload { kind = rag; input = 6k tokens; output = 250 tokens; concurrency = 16;"
    " prefix_share = %s }"
)
EDGE = "workload { kind = edge; input = 300 tokens; output = 120 tokens; concurrency = 1 }"
USER = "workload { kind = chat; input = 1k tokens; output = 400 tokens; concurrency = 1 }"
SIGHT = (
    "workload { kind = chat; input = 1k tokens; images = 1; output = 300 tokens; concurrency = 16 }"
    "\nfeatures { modalities = [text, image] }"
)
CONTEXT = "limits { context = 16Ki tokens }"

ROWS: dict[int, tuple[tuple[str, ...], list[tuple[str, ...]]]] = {
    1: (
        ("vllm", "trtllm"),
        [
            ("llama-3.3-70b", "h200 x 8", CHAT),
            ("llama-3.1-70b", "h100 x 8", LONG),
            ("qwen2.5-72b", "h100 x 8", CHAT, SLO),
            ("qwen2.5-72b", "h200 x 4", CHAT),
            ("llama-3.3-70b", "h100 x 4", CHAT, FP8, SLO),
            ("llama-3.1-405b", "h200 x 8", CHAT, CONTEXT),
            ("qwen3-32b", "h100 x 8", CHAT, SLO),
            ("nvidia/Llama-3.3-70B-Instruct-FP8", "h200 x 8", LONG),
        ],
    ),
    2: (
        ("sglang", "vllm"),
        [
            ("qwen3-235b-a22b-fp8", "h200 x 8", CHAT),
            ("qwen3-235b-a22b-2507", "h200 x 8", LONG),
            ("deepseek-v3", "h200 x 8", CHAT),
            ("deepseek-r1", "h200 x 8", LONG, CONTEXT),
            ("qwen3-coder-480b-a35b", "h200 x 8", CHAT, FP8),
            ("glm-4.6", "h200 x 8", CHAT, FP8),
            ("glm-4.5", "h200 x 8", CHAT, FP8, SLO),
        ],
    ),
    3: (
        ("sglang", "vllm"),
        [
            ("qwen3-32b", "h200 x 2", AGENT % "hermes"),
            ("qwen3-8b", "h100 x 1", AGENT % "hermes"),
            ("llama-3.3-70b", "h100 x 8", AGENT % "llama3_json"),
            ("qwen3-235b-a22b", "h200 x 8", FP8, AGENT % "hermes"),
            ("qwen3-32b", "a100-80g x 4", AGENT % "hermes"),
            ("qwen3-14b", "l40s x 2", AGENT % "hermes"),
            ("glm-4.5-air", "h100 x 4", AGENT % "glm45"),
        ],
    ),
    4: (
        ("trtllm", "vllm"),
        [
            ("qwen3-embedding-8b", "h100 x 1", EMBED),
            ("qwen3-embedding-4b", "h200 x 1", EMBED),
            ("qwen3-embedding-0.6b", "h100 x 1", EMBED),
        ],
    ),
    5: (
        ("trtllm", "vllm"),
        [
            ("llama-3.3-70b", "h200 x 8", BATCH),
            ("llama-3.3-70b", "b200 x 4", BATCH),
            ("qwen3-32b", "h200 x 2", BATCH),
            ("llama-3.1-8b", "b200 x 1", BATCH),
            ("qwen3-235b-a22b-fp8", "h200 x 8", BATCH),
            ("nvidia/Llama-3.3-70B-Instruct-NVFP4", "b200 x 2", BATCH),
        ],
    ),
    6: (
        ("sglang", "vllm"),
        [
            ("qwen3-32b", "h200 x 2", RAG % "60%"),
            ("llama-3.3-70b", "h100 x 4", RAG % "70%"),
            ("qwen3-8b", "h100 x 1", RAG % "50%"),
            ("llama-3.1-8b", "h200 x 1", RAG % "80%", SLO),
            ("qwen3-14b", "h100 x 2", RAG % "60%", SLO),
        ],
    ),
    7: (
        ("llamacpp",),
        [
            ("qwen3-4b", "orin-nano-8g x 1", "precision { weights = q4_k_m }", EDGE, CONTEXT),
            ("llama-3.2-3b", "orin-nx-16g x 1", "precision { weights = q4_k_m }", EDGE),
            ("qwen3-8b", "agx-orin-64g x 1", "precision { weights = q4_k_m }", EDGE),
            ("qwen3-1.7b", "rpi5-8g x 1", "precision { weights = q4_k_m }", EDGE),
            ("gemma-3-1b", "rpi5-16g x 1", "precision { weights = q4_k_m }", USER),
            ("qwen3-8b", "m4-pro-48g x 1", EDGE),
            ("llama-3.1-8b", "m2-16g x 1", "precision { weights = q4_k_m }", EDGE),
        ],
    ),
    8: (
        ("mlx", "llamacpp"),
        [
            ("qwen3-8b", "m4-pro-48g x 1", USER),
            ("llama-3.1-8b", "m3-max-64g x 1", USER),
            ("qwen3-32b", "m2-ultra-192g x 1", USER),
            ("qwen3-30b-a3b", "m4-max-128g x 1", USER),
            ("llama-3.3-70b", "m3-ultra-256g x 1", USER, CONTEXT),
            ("qwen3-4b", "m1-16g x 1", USER, CONTEXT),
        ],
    ),
    9: (
        ("vllm", "sglang"),
        [
            ("qwen3-vl-32b", "h200 x 2", SIGHT),
            ("qwen3-vl-8b", "h100 x 1", SIGHT),
            ("qwen2.5-vl-7b", "h100 x 1", SIGHT, SLO),
            ("qwen3-vl-30b-a3b", "h200 x 1", SIGHT),
            ("gemma-3-27b", "h100 x 2", SIGHT),
        ],
    ),
    10: (
        ("sglang", "trtllm"),
        [
            ("deepseek-v3.1-nvfp4", "b200 x 8", CHAT),
            ("qwen3-235b-a22b-nvfp4", "b200 x 4", CHAT, SLO),
            ("qwen3-235b-a22b-fp8", "b200 x 8", LONG),
            ("deepseek-r1-0528", "gb200 x 4", CHAT, FP4),
            ("nvidia/Qwen3-235B-A22B-Instruct-2507-NVFP4", "gb200 x 4", CHAT),
            ("gpt-oss-120b", "b200 x 2", CHAT),
            ("qwen3-30b-a3b", "b200 x 1", CHAT),
        ],
    ),
}
CASES = [(row, lines) for row, (_, several) in ROWS.items() for lines in several]


def varied(lines: tuple[str, ...]) -> str:
    model, hardware, *rest = lines
    name = f'"{model}"' if "/" in model else model
    return "\n".join((f"model = {name}", f"hardware = {hardware}", *rest))


@pytest.mark.parametrize(("row", "lines"), CASES)
def test_a_variation_of_a_row_has_its_picks(row: int, lines: tuple[str, ...]) -> None:
    found = one(varied(lines))
    picks = [name for name in ROWS[row][0] if name in NAMES]
    legal = [item.target for item in found.candidates if not item.rejected]
    assert legal[: len(picks)] == picks
    assert found.chosen is not None and f"matrix.{row}" in reasons(found.chosen, good=True)


@pytest.mark.parametrize(("row", "lines"), CASES)
def test_a_little_more_or_less_load_turns_nothing(row: int, lines: tuple[str, ...]) -> None:
    text = varied(lines)
    found = re.search(r"concurrency = (\d+)", text)
    assert found is not None
    usual = int(found[1])
    chosen = {_first(text.replace(found[0], f"concurrency = {n}")) for n in _near(usual)}
    assert len(chosen) == 1


def _near(load: int) -> tuple[int, ...]:
    """Loads within a tenth, which no band of the predictor is narrower than."""
    return tuple(sorted({load, max(1, round(load * 0.92)), round(load * 1.08)}))


def _first(text: str) -> str:
    chosen = one(text).chosen
    assert chosen is not None
    return chosen.target


def test_where_the_first_pick_cannot_start_the_second_is_taken() -> None:
    """Where the row's first cannot serve, its second does, and the refusal says why."""
    lines = ("llama-3.1-405b", "h200 x 8", CHAT, FP8)
    found = one(varied(lines))
    assert found.chosen is not None and found.chosen.target == "trtllm"
    assert "SRV310" in reasons(of(found, "vllm"), good=False)
