"""Runtimes by the names people use, and lines that begin where the program's name would end."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from servec.cli.main import main
from servec.targets.shared.called import called

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("TensorRT-LLM@1.2.0", "trtllm@1.2.0"),
        ("llama.cpp", "llamacpp"),
        ("llama-server@b11549", "llamacpp@b11549"),
        ("llama-cpp-python@0.3.16", "llamacpp@b6170"),
        ("llamacpp@0.2.90", "llamacpp@b3642"),
        ("vLLM", "vllm"),
        ("mlx_lm", "mlx"),
        ("vllm@0.33.0", "vllm@0.33.0"),
        ("something", "something"),
        ("", ""),
    ],
)
def test_a_runtime_goes_by_several_names(word: str, meant: str) -> None:
    assert called(word) == meant


@pytest.mark.parametrize(
    ("runtime", "words"),
    [
        ("vllm", "serve Qwen/Qwen3-8B --tensor-parallel-size 3"),
        ("lmdeploy", "serve api_server Qwen/Qwen3-8B --tp 3"),
        ("TensorRT-LLM", "serve Qwen/Qwen3-8B --tp_size 3"),
        ("sgl", "--model-path Qwen/Qwen3-8B --tp 3"),
    ],
)
def test_a_line_may_begin_behind_its_program(
    runtime: str,
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    call = ["import", runtime, "--check", "--format", "json", "--hardware", "h100 x 8", "--"]
    assert main([*call, *words.split()]) == 1
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    errors = {item["code"] for item in found["diagnostics"] if item["severity"] == "error"}
    assert errors == {"SRV401"}
