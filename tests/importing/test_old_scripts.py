"""Several launches in one file that are of several releases, some older than the tables."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from servec.cli.main import main

if TYPE_CHECKING:
    from pathlib import Path

PAIR = """
vllm serve meta-llama/Llama-3.1-8B-Instruct --port 8100 --tensor-parallel-size 4 &
CUDA_VISIBLE_DEVICES=4,5 vllm serve meta-llama/Llama-3.1-8B-Instruct --port 8200 -tp 2 {more} &
"""
SERVICES = """
services:
  a: {image: "vllm/vllm-openai:v0.10.0", command: --model Qwen/Qwen3-8B --no-such}
  b: {image: "vllm/vllm-openai:v0.11.2", command: --model Qwen/Qwen3-4B --task embed}
  c: {image: "vllm/vllm-openai:v0.33.0", command: --model Qwen/Qwen3-4B --task embed}
"""


def read(
    file: Path, form: str, named: list[str], capsys: pytest.CaptureFixture[str]
) -> tuple[int, str]:
    head = ["import", *named, "--check", "--hardware", "h100 x 8", "--format", form]
    code = main([*head, "--script", str(file)])
    return code, capsys.readouterr().out


@pytest.mark.parametrize(("more", "refused"), [("", False), ("--no-such", True)])
def test_each_is_judged_by_its_release(
    more: str, refused: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "pair.sh"
    file.write_text(PAIR.format(more=more))
    code, out = read(file, "json", ["vllm@0.11.1"], capsys)
    made: dict[str, Any] = json.loads(out)
    wrong = [item for item in made["diagnostics"] if item["severity"] == "error"]
    assert bool(code) is refused
    titles = ["vllm 0.11.1 has no option `--no-such`"] if refused else []
    assert [item["message"] for item in wrong] == titles
    for item in made["diagnostics"]:
        label = item["labels"][0]
        line = made["spec"].splitlines()[label["line"] - 1]
        assert made["spec"][label["start"] : label["end"]] in line
    assert made["spec"].count("deployment ") == 2


@pytest.mark.parametrize("first", ["0.10.0", "0.25.1"])
def test_services_of_several_releases(
    first: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "compose.yaml"
    kept = SERVICES if first == "0.10.0" else re.sub(r"  b: .*\n", "", SERVICES)
    file.write_text(kept.replace("0.10.0", first))
    code, out = read(file, "github", [], capsys)
    told = [line.partition("::")[2].partition("%0A")[0] for line in out.splitlines()]
    errors = [line.rpartition("::")[2] for line in told if line.startswith("error ")]
    assert code == 1
    gone = "vllm 0.33.0 no longer has `--task`"
    assert errors == [f"vllm {first} has no option `--no-such`", gone]
    assert json.loads(read(file, "sarif", [], capsys)[1])["runs"]
