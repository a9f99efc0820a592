"""What the line alone does not decide is warned of; its twin, which it does decide, is refused."""

from __future__ import annotations

import pytest

from servec.cli.main import main

SUPER = "trtllm-serve nvidia/NVIDIA-Nemotron-3-Super-120B-A12B-FP8 --tp_size 2"
GEMMA = "--spec-type draft-mtp --spec-draft-n-max 4"
MINI = "python -m sglang.launch_server --model-path openbmb/MiniCPM5-1B --tool-call-parser"
IMAGE = "sglang serve --ulysses-degree 4 --model-path"


@pytest.mark.parametrize(
    ("runtime", "hardware", "line", "code", "told"),
    [
        # the options file, which outranks the line, is not there
        ("trtllm@1.3.0rc3", "h100 x 2", f"{SUPER} --config extra.yml", 0, "unless `extra.yml`"),
        ("trtllm@1.3.0rc3", "h100 x 2", SUPER, 1, "enable_block_reuse"),
        # the table below does not take the value, that above does
        ("sglang@0.5.13", "", f"{MINI} minicpm5", 0, "it may have it"),
        ("sglang@0.5.12.post1", "", f"{MINI} minicpm5", 1, "versions that take it"),
        # the head lies in the repository beside the model
        ("llamacpp", "", f"llama-server -hf unsloth/gemma-4-12B-it-GGUF {GEMMA}", 0, "mtp-*.gguf"),
        ("llamacpp", "", f"llama-server -m gemma-4-12B-it-Q8_0.gguf {GEMMA}", 1, "no layers"),
        # `sglang serve` hands a diffusion model to another parser
        ("sglang", "", f"{IMAGE} Qwen/Qwen-Image", 0, "diffusion"),
        ("sglang", "", f"{IMAGE} Qwen/Qwen3-8B", 1, "--ulysses-degree"),
    ],
)
def test_what_is_not_decided_is_warned_of(
    runtime: str,
    hardware: str,
    line: str,
    code: int,
    told: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    kind = ["--hardware", hardware] if hardware else []
    assert main(["import", runtime, "--check", *kind, "--", *line.split()]) == code
    printed = capsys.readouterr()
    assert told in printed.out + printed.err


@pytest.mark.parametrize(
    ("hardware", "line", "code"),
    [
        # 61 GiB of weights leave 14, and the share is of these
        ("a100-80g x 1", "trtllm-serve Qwen/Qwen3-32B --max_seq_len 40960", 0),
        ("h100 x 1", "trtllm-serve nvidia/Llama-3.3-70B-Instruct-FP8", 0),
        ("l40s x 1", "trtllm-serve Qwen/Qwen3-32B --max_seq_len 40960", 1),
    ],
)
def test_a_share_of_what_the_weights_leave(
    hardware: str, line: str, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["import", "trtllm@1.3.0rc3", "--check", "--hardware", hardware, "--", *line.split()]
    assert main(words) == code
    printed = capsys.readouterr()
    assert ("does not fit" in printed.out + printed.err) == (code == 1)
