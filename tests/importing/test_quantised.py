"""A quantisation at load is read as the precision that is served, by each name it has."""

from __future__ import annotations

import pytest

from servec.cli.main import main

TGI = "text-generation-launcher --model-id meta-llama/Llama-3.1-8B-Instruct"


@pytest.mark.parametrize(
    ("runtime", "line", "said"),
    [
        ("vllm", "vllm serve Qwen/Qwen3-32B --quantization fp8", "weights = fp8"),
        ("vllm", "vllm serve Qwen/Qwen3-32B --quantization fp8_per_tensor", "weights = fp8"),
        ("vllm@0.22.1", "vllm serve Qwen/Qwen3-32B --quantization bitsandbytes", "weights = bnb4"),
        ("vllm", "vllm serve Qwen/Qwen3-32B-FP8 --quantization fp8", "weights = fp8"),
        ("sglang", "sglang serve --model-path Qwen/Qwen3-32B-AWQ --quantization awq", "tion = awq"),
        ("tgi", f"{TGI} --quantize bitsandbytes", "weights = bnb8"),
        ("tgi", f"{TGI} --quantize bitsandbytes-nf4", "weights = bnb4"),
    ],
)
def test_read_and_written_back(
    runtime: str, line: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["import", runtime, "--verify", "--hardware", "h100 x 1", "--", *line.split()]
    assert main(words) == 0
    out, _ = capsys.readouterr()
    assert said in out


def test_the_memory_is_that_of_the_quantised_weights(capsys: pytest.CaptureFixture[str]) -> None:
    line = "vllm serve meta-llama/Llama-3.3-70B-Instruct -tp 2 --max-model-len 32768"
    words = ["import", "--check", "--hardware", "h100 x 2", "--", *line.split()]
    assert main([*words, "--gpu-memory-utilization", "0.6"]) == 1
    assert "SRV307" in capsys.readouterr().err
    assert main([*words, "--gpu-memory-utilization", "0.6", "--quantization", "fp8"]) == 0
