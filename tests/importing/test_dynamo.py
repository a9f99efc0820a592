"""Dynamo's own words on the line of a worker."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from servec.cli.main import main

if TYPE_CHECKING:
    from pathlib import Path

WORKER = ("python3", "-m", "dynamo.trtllm", "--model-path", "Qwen/Qwen3-8B")


def read(version: str, words: list[str], capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    head = ["import", f"trtllm@{version}", "--hardware", "h100 x 8", "--format", "json"]
    main([*head, "--", *WORKER, *words])
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


@pytest.mark.parametrize("words", [["--served-model-name", "q"], ["--served-model-name=q"]])
def test_a_name_goes_where_the_server_takes_one(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    old = read("1.3.0rc3", words, capsys)
    assert old["commands"][0]["aside"] == ["--served_model_name"]
    assert not [found for found in old["diagnostics"] if found["severity"] == "error"]
    new = read("main", words, capsys)
    assert not new["commands"][0]["aside"] and 'name = "q"' in new["spec"]


def test_words_of_the_worker_alone_are_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    words = ["--kv-block-size", "32", "--override-engine-args", '{"max_batch_size": 8}']
    made = read("1.3.0rc3", [*words, "--max-batch-size", "4"], capsys)
    assert made["commands"][0]["aside"] == ["--kv-block-size", "--override-engine-args"]
    assert "batch = 4" in made["spec"]


def refused(words: list[str], capsys: pytest.CaptureFixture[str], launch: str = "") -> list[str]:
    head = ["import", *filter(None, (launch,)), "--check", "--hardware", "h100 x 1"]
    code = main([*head, "--format", "json", "--", *words])
    found = json.loads(capsys.readouterr().out)["diagnostics"]
    wrong = [item["message"] for item in found if item["severity"] == "error"]
    assert code == bool(wrong)
    return wrong


@pytest.mark.parametrize("version", ["0.16.0", "0.22.1", "0.33.0"])
def test_a_worker_of_vllm_has_no_options_of_the_server(
    version: str, capsys: pytest.CaptureFixture[str]
) -> None:
    line = ["python", "-m", "dynamo.vllm", "--model", "Qwen/Qwen3-8B", "--max-model-len", "4096"]
    assert not refused(line, capsys, f"vllm@{version}")
    (told,) = refused([*line, "--port", "48455"], capsys, f"vllm@{version}")
    assert "--port" in told
    (told,) = refused([*line[:3], *line[4:]], capsys, f"vllm@{version}")
    assert "Qwen/Qwen3-8B" in told


def test_a_worker_is_judged_by_the_release_that_was_made_for_its_engine(
    capsys: pytest.CaptureFixture[str],
) -> None:
    line = ["python3", "-m", "dynamo.vllm", "--model", "Qwen/Qwen3-8B", "--connector", "nixl"]
    assert not refused(line, capsys, "vllm@0.12.0")
    (told,) = refused(line, capsys, "vllm@0.16.0")
    assert "--connector" in told
    image = "nvcr.io/nvidia/ai-dynamo/vllm-runtime"
    assert not refused(["docker", "run", f"{image}:0.8.1", *line], capsys)
    assert refused(["docker", "run", f"{image}:1.0.2", *line], capsys)
    (told,) = refused([*line[:5], "--is-prefill-worker"], capsys, "vllm@0.31.0")
    assert "--is-prefill-worker" in told


def test_a_worker_of_tensorrt_llm_takes_no_other_word_than_its_own(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert not refused([*WORKER, "--max-batch-size", "4"], capsys, "trtllm@1.3.0rc3")
    (told,) = refused([*WORKER, "--port", "8000"], capsys, "trtllm@1.3.0rc3")
    assert "--port" in told


def test_what_a_worker_of_sglang_takes_itself(capsys: pytest.CaptureFixture[str]) -> None:
    line = ["python3", "-m", "dynamo.sglang", "--model-path", "Qwen/Qwen3-8B"]
    assert not refused([*line, "--disaggregation-mode", "agg", "--page-size", "16"], capsys)
    parsers = ["--tool-call-parser", "qwen25", "--dyn-tool-call-parser", "hermes"]
    (told,) = refused([*line, *parsers], capsys, "sglang@0.5.9")
    assert "--tool-call-parser" in told


def test_the_frontend_is_judged_by_its_own_options(capsys: pytest.CaptureFixture[str]) -> None:
    line = ["python", "-m", "dynamo.frontend", "--http-port", "8000", "--router-mode"]
    assert not refused([*line, "kv"], capsys)
    assert refused([*line, "kv", "--tensor-parallel-size", "2"], capsys)
    (told,) = refused([*line, "fastest"], capsys)
    assert "router-mode" in told


def test_a_line_that_starts_none_of_them_is_not_judged_so(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["import", "rayserve@2.60.0", "--check", "--", "--tensor-parallel-size", "2"]) in (
        0,
        1,
        2,
    )
    assert "a bug" not in "".join(capsys.readouterr())
