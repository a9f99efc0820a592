"""What a line says is judged against its weights, its devices and what a port can be."""

from __future__ import annotations

import pytest

from servec.cli.main import main

FLOAT = "--dtype float32"


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (f"vllm serve Qwen/Qwen3-8B-AWQ {FLOAT}", "SRV310"),
        (f"vllm serve Qwen/Qwen3-8B-FP8 {FLOAT}", "SRV310"),
        (f"vllm serve openai/gpt-oss-20b {FLOAT}", "SRV310"),
        (f"vllm serve Qwen/Qwen3-8B --quantization fp8 {FLOAT}", "SRV310"),
        # compressed-tensors and plain weights take float32
        (f"vllm serve RedHatAI/Qwen3-8B-FP8-dynamic {FLOAT}", ""),
        (f"vllm serve Qwen/Qwen3-8B {FLOAT}", ""),
        ("vllm serve Qwen/Qwen3-8B-AWQ --dtype half", ""),
        ("vllm serve Qwen/Qwen3-8B --port 65536", "SRV310"),
        ("vllm serve Qwen/Qwen3-8B --port 65535", ""),
        ("python -m sglang.launch_server --model-path Qwen/Qwen3-8B --nccl-port 70000", "SRV310"),
        ("llama-server -hf Qwen/Qwen3-8B", "SRV310"),  # it holds no GGUF file
        ("llama-server -hf unsloth/Qwen3-8B-GGUF:Q8_0", ""),
        ("llama-server -hf nobody/knows", ""),
    ],
)
def test_judged(line: str, code: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = main(["import", "--check", "--hardware", "h100", "--", *line.split()])
    err = capsys.readouterr().err
    assert found == bool(code), err
    assert f"error[{code}]" in err if code else "error[" not in err


@pytest.mark.parametrize(
    ("backend", "code"),
    [("attention-backend flashinfer", 1), ("decode-attention-backend flashinfer", 1), ("", 0)],
)
def test_kernels_of_another_vendor(backend: str, code: int) -> None:
    words = f"--attention-backend triton --{backend}" if backend else "--attention-backend aiter"
    line = f"python -m sglang.launch_server --model-path Qwen/Qwen3-8B {words}"
    assert main(["import", "--check", "--hardware", "mi300x", "--", *line.split()]) == code
