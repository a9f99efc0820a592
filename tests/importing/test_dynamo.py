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
