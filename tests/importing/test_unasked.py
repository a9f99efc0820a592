"""Options that have a field, or say what is so unasked, leave nothing native and come back."""

from __future__ import annotations

import shlex

import pytest

from tests.importing.recipes import read

TGI = "text-generation-launcher --model-id"
LLAMA = "llama-server -m Qwen3-4B.gguf"
SIZES = '{"cudagraph_mode": "FULL_DECODE_ONLY", "cudagraph_capture_sizes": [16, 1, 8]}'


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (f"vllm serve Qwen/Qwen3-8B --compilation-config '{SIZES}'", "sizes = [1, 8, 16]"),
        ("vllm serve Qwen/Qwen3-Embedding-0.6B --runner pooling", ""),
        ("vllm serve nvidia/Llama-3.1-8B-Instruct-FP8 --quantization modelopt", "weights = fp8"),
        (f"{LLAMA} -md d.gguf --spec-type draft-eagle3", "speculative = eagle3"),
        (f"{LLAMA} -md d.gguf --spec-type draft-dspark --spec-draft-n-max 7", "draft_tokens = 7"),
        (f"{LLAMA} -sm layer", ""),
        (f"{TGI} meta-llama/Llama-3.1-8B-Instruct --sharded true --num-shard 8", "tensor = 8"),
        (f"{TGI} meta-llama/Llama-3.1-8B-Instruct --sharded false", "tensor = 1"),
        (f"{TGI} TechxGenus/gemma-2b-GPTQ --quantize gptq", "weights = gptq"),
        (
            "lmdeploy serve api_server internlm/internlm2-chat-7b-4bit --model-format awq",
            "weights = awq",
        ),
        (
            "lmdeploy serve api_server internlm/Intern-S1 --reasoning-parser intern-s1",
            "reasoning = deepseek_r1",
        ),
    ],
)
def test_nothing_stays_native(line: str, said: str) -> None:
    found = read(shlex.split(line))
    assert found.imported.native == () and said in found.imported.text
    assert found.process is not None and found.unexplained == ()


@pytest.mark.parametrize(
    "line",
    [
        "vllm serve Qwen/Qwen3-8B --runner pooling",
        f"{LLAMA} -sm row",
        f"{TGI} meta-llama/Llama-3.1-8B-Instruct --quantize gptq",
        "lmdeploy serve api_server internlm/internlm2-chat-7b --model-format awq",
    ],
)
def test_what_is_not_so_unasked_stays(line: str) -> None:
    assert read(shlex.split(line)).imported.native


def test_a_tree_of_drafts_keeps_its_branches_beside_the_steps() -> None:
    line = (
        "sglang serve --model-path Qwen/Qwen3-8B-FP8 --speculative-algorithm EAGLE3 "
        "--speculative-draft-model-path a/b --speculative-num-steps 4 "
        "--speculative-eagle-topk 4 --speculative-num-draft-tokens 16"
    )
    found = read(shlex.split(line))
    assert found.imported.native == ("speculative-eagle-topk", "speculative-num-draft-tokens")
    assert "draft_tokens = 4" in found.imported.text and found.unexplained == ()
    assert not any(item.code == "SRV206" for item in found.diagnostics)
