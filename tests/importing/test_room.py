"""The memory of a launch that was read is judged as the runtime will take it."""

from __future__ import annotations

import pytest

from servec.cli.main import main

MODEL = "Qwen3-32B-Q8_0.gguf"


@pytest.mark.parametrize(
    ("hardware", "line", "fits"),
    [
        ("h100 x 1", "vllm serve meta-llama/Llama-3.1-8B-Instruct --max-num-seqs 512", True),
        ("rtx-4090 x 1", "vllm serve Qwen/Qwen3-32B --max-model-len 8192", False),
        (
            "rtx-4090 x 1",
            "vllm serve Qwen/Qwen3-32B --max-model-len 8192 --cpu-offload-gb 50",
            True,
        ),
        ("rtx-4090 x 1", f"llama-server -m {MODEL} -c 8192", True),  # it leaves layers on the host
        ("rtx-4090 x 1", f"llama-server -m {MODEL} -c 8192 --fit off", False),
        ("rtx-4090 x 1", f"llama-server -m {MODEL} -c 8192 -ngl 99", False),
        ("rtx-4090 x 1", f"llama-server -m {MODEL} -c 8192 -ngl 40", True),
        ("rtx-4090 x 1", "llama-server -m Qwen3-235B-A22B-Q4_K_M.gguf -c 8192 -cmoe", True),
        # 16 bits of cache, as vLLM has it unasked: a narrower one would fit
        ("l4 x 1", "vllm serve Qwen/Qwen3-8B --max-model-len 40960", False),
    ],
)
def test_judged(hardware: str, line: str, fits: bool, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["import", "--check", "--hardware", hardware, "--", *line.split()])
    assert ("SRV307" in capsys.readouterr().err) is not fits
    assert code == 0 or not fits
