"""Old releases of TensorRT-LLM: what is read or told of them, and lines of them."""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING

import pytest

from servec.cli.main import main
from servec.targets.trtllm.source import release

if TYPE_CHECKING:
    from pathlib import Path

SERVE = """
@click.option("--backend", type=click.Choice(["pytorch"]), default=None)
@click.option("--tp_size", type=int, default=1)
@click.option("--trust_remote_code", is_flag=True, default=False)
def serve(): pass
"""
MODELS = """
MODEL_MAP = {'LlamaForCausalLM': LLaMA, GEMMA_ARCHITECTURE: Gemma}
"""
REGISTERED = """
@register_auto_model("Qwen2ForCausalLM")
class Anything: pass
"""
SUPER = "nvidia/NVIDIA-Nemotron-3-Super-120B-A12B-NVFP4 --max_seq_len 2048"
PD = "--host 0.0.0.0 --max_batch_size 32 --tp_size 8 --trust_remote_code"


def test_a_release_is_read_from_its_source(tmp_path: Path) -> None:
    for name, text in (
        ("tensorrt_llm/commands/serve.py", SERVE),
        ("tensorrt_llm/models/__init__.py", MODELS),
        ("tensorrt_llm/models/gemma/config.py", 'GEMMA_ARCHITECTURE = "GemmaForCausalLM"\n'),
        ("tensorrt_llm/_torch/models/modeling_qwen.py", REGISTERED),
        ("setup.py", "X = ['trtllm-serve=tensorrt_llm.commands.serve:main']\n"),
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    found = release(str(tmp_path))
    assert {row["flags"][0]: row.get("choices", row["type"]) for row in found["rows"]} == {
        "--backend": ["pytorch"],
        "--tp_size": "int",
        "--trust_remote_code": "flag",
    }
    assert found["sets"]["engine_architectures"] == ["GemmaForCausalLM", "LlamaForCausalLM"]
    assert found["sets"]["architectures"] == ["Qwen2ForCausalLM"]
    assert found["sets"]["programs"] == ["trtllm-serve"]


def test_a_release_that_was_not_read_is_told_by_its_notes(tmp_path: Path) -> None:
    found = release(str(tmp_path / "1.0.0"))
    flags = {row["flags"][0] for row in found["rows"]}
    assert "--extra_llm_api_options" in flags and "--config" not in flags
    assert "Qwen3ForCausalLM" in found["sets"]["architectures"]
    assert "GptOssForCausalLM" not in found["sets"]["architectures"]
    assert "GptOssForCausalLM" in release(str(tmp_path / "1.1.0rc0"))["sets"]["architectures"]


@pytest.mark.parametrize(
    ("version", "hardware", "line", "codes"),
    [
        # Before 1.0 TensorRT served, unless the line said otherwise.
        ("0.17.0.post1", "h200 x 8", f"trtllm-serve deepseek-ai/DeepSeek-V3 {PD}", {"SRV306"}),
        ("0.19.0", "h200 x 8", f"trtllm-serve deepseek-ai/DeepSeek-V3 {PD}", {"SRV306"}),
        (
            "0.19.0",
            "h200 x 8",
            f"trtllm-serve deepseek-ai/DeepSeek-V3 --backend pytorch {PD}",
            set(),
        ),
        ("0.16.0", "a100-80g x 2", "trtllm-serve meta-llama/Llama-3.1-8B --tp_size 2", set()),
        ("0.21.0", "h100", "trtllm-serve Qwen/Qwen3-8B", {"SRV306"}),
        ("1.0.0", "h100", "trtllm-serve Qwen/Qwen3-8B", set()),
        ("1.0.0", "h100", "trtllm-serve openai/gpt-oss-20b", {"SRV306"}),
        ("1.1.0", "h100", "trtllm-serve openai/gpt-oss-20b", set()),
        ("0.14.0", "h100", "trtllm-serve meta-llama/Llama-3.1-8B", {"SRV202"}),
        ("1.0.0", "h100", "trtllm-serve Qwen/Qwen3-8B --config x.yaml", {"SRV202"}),
        ("1.1.0", "h100", "trtllm-serve Qwen/Qwen3-8B --config x.yaml", set()),
        ("1.0.0", "h100", "trtllm-serve Qwen/Qwen3-8B --foo_bar 1", {"SRV201"}),
        ("0.20.0", "l40s", "trtllm-serve Qwen/Qwen3-8B-FP8 --backend pytorch", {"SRV304"}),
        ("0.21.0", "l40s", "trtllm-serve Qwen/Qwen3-8B-FP8 --backend pytorch", set()),
        ("1.3.0rc3", "h100", "trtllm-serve google/gemma-2-9b-it --backend trt", set()),
        # Between the tables a class is there from the release on that brought it.
        ("1.3.0rc6", "b200 x 8", "trtllm-serve nvidia/GLM-5-NVFP4 --tp_size 8", {"SRV306"}),
        ("1.3.0rc9", "b200 x 8", "trtllm-serve nvidia/GLM-5-NVFP4 --tp_size 8", set()),
        ("1.3.0rc20", "b200 x 8", "trtllm-serve deepseek-ai/DeepSeek-V4-Flash", {"SRV306"}),
        # What either table takes may be taken between them.
        ("1.3.0rc20", "h200", "trtllm-serve meta-llama/Llama-3.1-8B --backend tensorrt", set()),
        ("1.3.0rc20", "h200", "trtllm-serve openai/gpt-oss-20b --backend tensorrt", {"SRV306"}),
        ("main", "h200", "trtllm-serve meta-llama/Llama-3.1-8B --backend tensorrt", {"SRV205"}),
        ("1.3.0rc8", "h200", "trtllm-serve Qwen/Qwen3-8B --reasoning_parser qwen3_5", set()),
        ("1.3.0rc8", "h200", "trtllm-serve Qwen/Qwen3-8B --tool_parser none", {"SRV205"}),
        ("1.3.0rc3", "h200", "trtllm-serve Qwen/Qwen3-8B --tool_parser glm47", {"SRV205"}),
        ("main", "h200", "trtllm-serve Qwen/Qwen3-Reranker-0.6B", set()),
        ("1.3.0rc3", "b200", f"trtllm-serve {SUPER}", {"SRV310"}),
        ("1.3.0rc11", "b200", f"trtllm-serve {SUPER}", set()),
    ],
)
def test_a_line_is_judged_as_its_release_would(
    version: str,
    hardware: str,
    line: str,
    codes: set[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x.yaml").write_text("print_iter_log: true\n")
    head = ("import", f"trtllm@{version}", "--check", "--hardware", hardware, "--format", "json")
    main((*head, "--", *shlex.split(line)))
    found = json.loads(capsys.readouterr().out)["diagnostics"]
    assert {item["code"] for item in found if item["severity"] == "error"} == codes, found


@pytest.mark.parametrize(
    ("version", "hardware", "model", "codes"),
    [
        ("0.20.0", "h100", "meta-llama/Llama-4-Scout-17B-16E-Instruct", {"SRV306"}),
        ("1.2.0", "h100", "google/gemma-3-4b-it", {"SRV306"}),
        ("1.2.0", "l4", "meta-llama/Llama-3.3-70B-Instruct", set()),
        ("0.16.0", "a100-80g", "google/gemma-7b", set()),
        ("0.16.0", "a100-80g", "google-t5/t5-base", set()),
        ("0.11.0", "v100-32", "meta-llama/Llama-2-7b-hf", set()),
        ("0.16.0", "v100-32", "meta-llama/Llama-2-7b-hf", {"SRV303"}),
    ],
)
def test_a_conversion_is_judged_by_what_it_is_for(
    version: str, hardware: str, model: str, codes: set[str], capsys: pytest.CaptureFixture[str]
) -> None:
    line = ("python3", "convert_checkpoint.py", "--model_dir", model, "--output_dir", "./c")
    head = ("import", f"trtllm@{version}", "--check", "--hardware", hardware, "--format", "json")
    main((*head, "--", *line))
    found = json.loads(capsys.readouterr().out)["diagnostics"]
    assert {item["code"] for item in found if item["severity"] == "error"} == codes, found


def test_what_makes_nothing_that_is_known_serves_nothing(
    capsys: pytest.CaptureFixture[str],
) -> None:
    head = ("import", "trtllm@1.2.0", "--check", "--hardware", "h100", "--")
    assert main((*head, "python", "convert_checkpoint.py")) == 2
    assert "serves nothing" in capsys.readouterr().err


def test_an_options_file_that_names_the_back_end_is_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x.yaml").write_text("backend: pytorch\n")
    line = "trtllm-serve Qwen/Qwen3-8B --extra_llm_api_options x.yaml"
    head = ("import", "trtllm@0.20.0", "--check", "--hardware", "h100", "--format", "json")
    main((*head, "--", *shlex.split(line)))
    found = json.loads(capsys.readouterr().out)["diagnostics"]
    assert not [item for item in found if item["severity"] == "error"]
