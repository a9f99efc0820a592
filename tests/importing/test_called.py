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
        ("llamafile@0.9.0", "llamacpp@b3599"),
        ("llamacpp@llamafile 0.9.0", "llamacpp@b3599"),
        ("ollama@0.5.7", "llamacpp@b4419"),
        ("llama.cpp@Ollama v0.1.39", "llamacpp@b2986"),
        ("llamacpp@koboldcpp 1.90.2", "llamacpp@b5283"),
        ("LM Studio@0.3.5", "llamacpp@b4002"),
        ("llamacpp@LM Studio 0.3.6 (Build 2)", "llamacpp@b4927"),
        ("llamacpp@llama-cpp-python==0.3.16", "llamacpp@b6170"),
        ("llamacpp@b9464 (5dcb71166)", "llamacpp@b9464"),
        ("llamacpp@version: 9464 (5dcb71166)", "llamacpp@9464"),
        ("ollama@99.0", "llamacpp"),
        ("ollama", "llamacpp"),
        ("vllm@ollama 0.5.7", "vllm@ollama 0.5.7"),
        ("gpustack@0.7.1", "vllm@0.10.1.1"),
        ("gpustack@0.7", "vllm@0.9.2"),
        ("gpustack@2.0.0", "vllm"),
        ("vllm@ms-swift 3.5.1", "vllm@0.8.5.post1"),
        ("kserve@v0.15.0", "vllm@0.8.1"),
        ("dynamo@0.4", "vllm@0.10.1.1"),
        ("sglang@dynamo 0.7.1", "sglang@0.5.4.post3"),
        ("openrlhf@0.8.9", "vllm@0.10.0"),
        ("LLaMA-Factory@0.9.2", "vllm@0.7.3"),
        ("LocalAI@3.8.0", "llamacpp@b7157"),
        ("mlx@mlx-lm 0.22.5", "mlx@0.22.5"),
        ("vllm@0.8.5+cu118", "vllm@0.8.5+cu118"),
        ("vllm@0.11.0-cu128", "vllm@0.11.0"),
        ("sglang@v0.5.3rc1-cu129-b200", "sglang@0.5.3rc1"),
        ("vllm@V0.8.5,", "vllm@0.8.5"),
        ("vllm@0.8.x", "vllm@==0.8.*"),
        ("vllm@0.8", "vllm@==0.8.*"),
        ("vllm@0.33", "vllm@0.33"),
        ("vllm==0.8.5", "vllm@0.8.5"),
        ("llama.cpp:b9464", "llamacpp@b9464"),
        ("vllm@>=0.8 <0.10", "vllm@>=0.8,<0.10"),
        ("vllm@0.9.2rc2.dev12+g1234abc", "vllm@0.9.2rc2.dev12+g1234abc"),
        ("vllm@", "vllm@"),
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
    ("version", "model", "codes"),
    [
        ("ollama 0.5.13", "gemma-3-4b-it-Q4_K_M.gguf", {"SRV306"}),
        ("ollama 0.6.0", "gemma-3-4b-it-Q4_K_M.gguf", set()),
        ("ollama 0.1.38", "Mistral-Nemo-Instruct-2407-Q4_K_M.gguf", {"SRV306"}),
        ("ollama 0.1.39", "Mistral-Nemo-Instruct-2407-Q4_K_M.gguf", {"SRV306"}),  # its heads
        ("llamafile 0.9.2", "gemma-3-4b-it-Q4_K_M.gguf", set()),
    ],
)
def test_what_a_program_serves_by_itself_is_not_refused(
    version: str, model: str, codes: set[str], capsys: pytest.CaptureFixture[str]
) -> None:
    head = ("import", f"llamacpp@{version}", "--check", "--format", "json", "--")
    assert main([*head, "llama-server", "-m", model]) == bool(codes)
    found = json.loads(capsys.readouterr().out)["diagnostics"]
    assert {item["code"] for item in found if item["severity"] == "error"} == codes


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


def test_the_engines_of_dynamo_are_told_once() -> None:
    from servec.targets.shared.importing.programs.dynamo import tables
    from servec.targets.shared.wrapped import held

    for runtime, pins in tables()["engines"].items():
        for release, version in pins.items():
            assert held("dynamo", release, runtime) == version


def test_of_several_runtimes_the_one_of_the_line_is_meant(
    capsys: pytest.CaptureFixture[str],
) -> None:
    call = ["import", "dynamo@0.7.1", "--check", "--hardware", "h100", "--"]
    line = ["python", "-m", "dynamo.sglang", "--model-path", "Qwen/Qwen3-8B"]
    assert main([*call, *line]) == 0
    assert "sglang 0.5.4.post3" in capsys.readouterr().err
