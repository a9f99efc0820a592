"""A variable that nothing reads keeps no line from starting, unless the line asks for that."""

from __future__ import annotations

import pytest

from servec.cli.main import main

LINE = ["--", "vllm", "serve", "Qwen/Qwen3-8B"]
CHECK = ["import", "vllm@0.33.0", "--check", "--hardware", "h100 x 1"]


@pytest.mark.parametrize("name", ["VLLM_USE_V1", "VLLM_NO_SUCH_SWITCH", "KV_CACHE_DTYPE"])
def test_it_is_told_alone(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*CHECK, "--env", f"{name}=fp8", *LINE]) == 0
    assert (name in capsys.readouterr().err) is name.startswith("VLLM")


def test_vllm_refuses_it_where_it_is_told_to(capsys: pytest.CaptureFixture[str]) -> None:
    words = [*CHECK, "--env", "VLLM_USE_V1=1", *LINE, "--fail-on-environ-validation"]
    assert main(words) == 1
    assert "no longer reads `VLLM_USE_V1`" in capsys.readouterr().err
