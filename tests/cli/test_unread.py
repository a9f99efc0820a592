"""A variable that nothing reads: what was meant does not happen, unless it happens anyway."""

from __future__ import annotations

import pytest

from servec.cli.main import main

LINE = ["--", "vllm", "serve", "Qwen/Qwen3-8B"]
CHECK = ["import", "vllm@0.33.0", "--check", "--hardware", "h100 x 1"]
SGLANG = ["--", "python", "-m", "sglang.launch_server", "--model-path", "Qwen/Qwen3-8B"]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("VLLM_USE_V1=0", 1),
        ("VLLM_USE_V1=1", 0),  # it is the one engine there is
        ("VLLM_ATTENTION_BACKEND=FLASH_ATTN", 1),
        ("VLLM_NO_SUCH_SWITCH=1", 1),
        ("KV_CACHE_DTYPE=fp8", 0),  # of no runtime
    ],
)
def test_vllm(said: str, code: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*CHECK, "--env", said, *LINE]) == code
    assert (said.partition("=")[0] in capsys.readouterr().err) is said.startswith("VLLM")


def test_others_read_each_by_its_name(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["import", "sglang@0.5.23", "--check", "--env", "SGLANG_NO_SUCH_SWITCH=1", *SGLANG]
    assert main(words) == 0
    assert "warning[SRV201]" in capsys.readouterr().err


def test_a_version_between_two_tables_may_have_an_option(
    capsys: pytest.CaptureFixture[str],
) -> None:
    line = ["--check", "--", "llama-server", "-m", "x.gguf", "--lazy-mode", "on"]
    assert main(["import", "llamacpp@b10600", *line]) == 0
    assert "b10600 lies between b10566 and b10809" in capsys.readouterr().err
    assert main(["import", "llamacpp@b10229", *line]) == 1


def test_a_version_between_two_tables_whose_source_was_read_has_it_or_not(
    capsys: pytest.CaptureFixture[str],
) -> None:
    line = ["--check", "--", "llama-server", "-m", "x.gguf", "--load-mode", "none"]
    assert main(["import", "llamacpp@b10000", *line]) == 1
    assert "b10000 does not have `--load-mode` yet" in capsys.readouterr().err
    assert main(["import", "llamacpp@b10200", *line]) == 0


def test_a_width_of_experts_that_a_runtime_takes_for_any_model_is_told(
    capsys: pytest.CaptureFixture[str],
) -> None:
    line = ["--", "trtllm-serve", "Qwen/Qwen3-8B", "--tp_size", "4", "--ep_size", "4"]
    assert main(["import", "--check", "--hardware", "h100 x 4", *line]) == 0
    assert "has no experts" in capsys.readouterr().err
