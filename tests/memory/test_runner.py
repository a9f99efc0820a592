"""Which of vLLM's model runners a launch gets, and the defaults that a program in Python has."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from servec.cli.main import main
from servec.compiler.catalogue.models import find_model
from servec.compiler.memory.constants import constants
from servec.compiler.memory.runner import of_runner

if TYPE_CHECKING:
    from pathlib import Path

LLAMA, MIXTURE, HYBRID = (
    "meta-llama/Llama-3.1-8B-Instruct",
    "Qwen/Qwen3-30B-A3B",
    "Qwen/Qwen3-Next-80B-A3B-Instruct",
)


@pytest.mark.parametrize(
    ("version", "model", "second"),
    [
        ("0.21.0", LLAMA, False),
        ("0.22.1", LLAMA, False),
        ("0.22.1", "Qwen/Qwen3-8B", True),
        ("0.22.1", "Qwen/Qwen3-8B-AWQ", False),
        ("0.23.0", LLAMA, True),
        ("0.25.1", "Qwen/Qwen3-8B-AWQ", True),
        ("0.25.1", MIXTURE, False),
        ("0.28.0", HYBRID, False),
        ("0.29.0", MIXTURE, True),
        ("0.33.0", HYBRID, True),
    ],
)
def test_the_second_runner_samples_from_the_logits(version: str, model: str, second: bool) -> None:
    table, found = constants("vllm", version), find_model(model)
    assert found is not None
    assert (of_runner(table, found, None, False).logit_bytes == 4) is second
    assert of_runner(table, found, None, True) is table


def test_some_classes_are_left_to_the_first_on_amd() -> None:
    table, found = constants("vllm", "0.33.0"), find_model("deepseek-ai/DeepSeek-V3.2")
    assert found is not None
    assert of_runner(table, found, None, False, "gfx942") is table
    assert of_runner(table, found, None, False, "sm90").logit_bytes == 4


@pytest.mark.parametrize(
    ("call", "room"), [("LLM", True), ("AsyncEngineArgs", False)], ids=["class", "engine"]
)
def test_a_program_takes_larger_passes(
    call: str, room: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """16384 tokens a pass where the server takes 8192: twice the cache of DeepSeek-V4-Flash."""
    file = tmp_path / "serve.py"
    keywords = "model='deepseek-ai/DeepSeek-V4-Flash', tensor_parallel_size=2, max_model_len=30000"
    file.write_text(f"from vllm import {call}\nx = {call}({keywords}, kv_cache_dtype='fp8')\n")
    words = ["import", "vllm@0.22.1", "--check", "--hardware", "gh200 x 2", "--script", str(file)]
    assert main(words) == 0
    told = capsys.readouterr()
    tokens = int((told.out + told.err).rpartition("room for ")[2].partition(" ")[0])
    assert (tokens < 80_000) is room
