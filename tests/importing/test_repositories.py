"""Lines that start Triton over a folder of models: the engines behind it are judged."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from servec.cli.main import main
from servec.targets.shared.importing.programs.repositories import behind

if TYPE_CHECKING:
    from pathlib import Path

YAML = """\
# the model
model: "meta-llama/Llama-3.1-8B-Instruct"  # by name
backend: "pytorch"
triton_config:
  max_batch_size: 0
  decoupled: False
kv_cache_config:
  free_gpu_memory_fraction: 0.8
"""
JSON = {"model": "Qwen/Qwen3-8B", "max_model_len": 4096, "enforce_eager": True, "seed": None}


def laid(folder: Path, options: str = YAML, fields: object = JSON) -> Path:
    for name, file, text in (
        ("tensorrt_llm", "model.yaml", options),
        ("other", "model.json", json.dumps(fields)),
    ):
        (folder / name / "1").mkdir(parents=True)
        (folder / name / "1" / file).write_text(text)
    (folder / "other" / "config.pbtxt").write_text('name: "other"\nbackend: "vllm"\n')
    (folder / "note.txt").write_text("no model")
    return folder


def test_the_engines_of_a_folder_are_read(tmp_path: Path) -> None:
    line = ("PYTHONPATH=x", "tritonserver", f"--model-repository={laid(tmp_path)}")
    vllm, trtllm = behind(line)
    assert vllm.words == ("Qwen/Qwen3-8B", "--max-model-len", "4096", "--enforce-eager")
    assert trtllm.words[0] == "meta-llama/Llama-3.1-8B-Instruct"
    text = trtllm.files["model.yaml"]
    assert "triton" not in text and "max_batch_size" not in text and "0.8" in text


def test_what_is_no_triton_or_has_no_such_folder_is_left(tmp_path: Path) -> None:
    assert behind(("vllm", "serve", "x")) == ()
    assert behind(()) == ()
    assert behind(("tritonserver", "--model-store", str(tmp_path / "none"))) == ()
    assert behind(("tritonserver", "--model-repository")) == ()
    broken = laid(tmp_path / "a", "backend: x\n", ["model"])
    assert behind(("tritonserver", "--model_repo", str(broken))) == ()
    (broken / "other" / "1" / "model.json").write_text("{")
    (broken / "tensorrt_llm" / "1" / "model.yaml").write_bytes(b"\xff")
    assert behind(("tritonserver", "--model_repo", str(broken))) == ()


@pytest.mark.parametrize(
    ("field", "codes"),
    [("  free_gpu_memory_fraction: 0.8", set()), ("  free_memory: 0.8", {"SRV201"})],
)
def test_an_engine_behind_triton_is_judged(
    field: str, codes: set[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    laid(tmp_path, YAML.replace("  free_gpu_memory_fraction: 0.8", field))
    (tmp_path / "other" / "config.pbtxt").unlink()
    head = ("import", "trtllm@1.3.0rc3", "--check", "--hardware", "h100", "--format", "json")
    main((*head, "--", "python3", "launch_triton_server.py", "--model_repo", str(tmp_path)))
    found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)["diagnostics"]
    assert {item["code"] for item in found if item["severity"] == "error"} == codes, found
