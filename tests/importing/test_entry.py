"""Words behind an image whose entry point starts the server by itself."""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING

import pytest

from servec.cli.main import main

if TYPE_CHECKING:
    from pathlib import Path

WORDS = ["vllm", "serve", "Qwen/Qwen3-4B", "--port", "8000"]
POD = """
apiVersion: v1
kind: Pod
metadata: {{name: one}}
spec:
  containers:
  - name: server
    image: vllm/vllm-openai:v0.25.1
    {words}
"""
SERVICE = """
services:
  server:
    image: vllm/vllm-openai:v0.25.1
    {words}
"""


def told(words: list[str], capsys: pytest.CaptureFixture[str]) -> list[str]:
    main(["import", "--check", "--format", "json", "--hardware", "h100 x 1", *words])
    found = json.loads(capsys.readouterr().out)["diagnostics"]
    return [item["message"] for item in found if item["severity"] == "error"]


@pytest.mark.parametrize("version", ["0.12.0", "0.33.0"])
def test_a_program_behind_the_entry_point_is_refused(
    version: str, capsys: pytest.CaptureFixture[str]
) -> None:
    image = f"vllm/vllm-openai:v{version}"
    (message,) = told(["--", "docker", "run", "--gpus", "all", image, *WORDS], capsys)
    assert "does not take `vllm`" in message
    assert not told(["--", "docker", "run", image, *WORDS[2:]], capsys)
    assert not told(["--", "docker", "run", "--entrypoint", "vllm", image, *WORDS[1:]], capsys)
    assert not told(["--", "docker", "run", f"me/{image}", *WORDS], capsys)


@pytest.mark.parametrize(
    ("text", "words", "refused"),
    [
        (POD, f"args: {json.dumps(WORDS)}", True),
        (POD, f"command: {json.dumps(WORDS)}", False),
        (POD, f"args: {json.dumps(WORDS[2:])}", False),
        (SERVICE, f"command: {' '.join(WORDS)}", True),
        (SERVICE, f"entrypoint: {json.dumps(WORDS[:2])}\n    command: Qwen/Qwen3-4B", False),
        (SERVICE, f"command: {json.dumps(WORDS[2:])}", False),
    ],
)
def test_of_pods_and_services(
    text: str, words: str, refused: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "x.yaml"
    file.write_text(text.format(words=words))
    assert bool(told(["--script", str(file)], capsys)) is refused


@pytest.mark.parametrize(
    ("words", "refused"),
    [
        (f'command: ["{" ".join(WORDS)}"]', True),
        (f'command: ["sh", "-c", "{" ".join(WORDS)}"]', False),
        (f'command: ["sh", "-c"]\n    args: ["{" ".join(WORDS)}"]', False),
    ],
)
def test_a_line_in_place_of_a_program(
    words: str, refused: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """vllm-project/vllm#4462: a list holds the program and each of its words."""
    file = tmp_path / "x.yaml"
    file.write_text(POD.format(words=words))
    found = told(["--script", str(file)], capsys)
    assert found == (["vllm 0.25.1 does not take `vllm serve Qwen/Qwen3-4B`"] if refused else [])


@pytest.mark.parametrize(
    ("words", "wrong"),
    [
        ("server-cuda-b5583 -m m.gguf -c 512", ""),
        ("server /bin/sh -c 'llama-server -m m.gguf'", "/bin/sh"),
        ("server llama-server -m m.gguf", "llama-server"),
        ("light -m m.gguf -p hello", ""),
        ("full --server -m m.gguf -c 512", ""),
        ("full -m m.gguf -c 512", "-m"),
    ],
)
def test_of_an_image_whose_tag_says_its_program(
    words: str, wrong: str, capsys: pytest.CaptureFixture[str]
) -> None:
    line = ["docker", "run", "--rm", *shlex.split(f"ghcr.io/ggml-org/llama.cpp:{words}")]
    refused = told(["--", *line], capsys)
    assert bool(refused) is bool(wrong) and all(f"`{wrong}`" in item for item in refused[:1])


def test_of_an_image_of_ones_own(capsys: pytest.CaptureFixture[str]) -> None:
    line = ["docker", "run", "--gpus", "all", "mine/served:1"]
    assert not told(["vllm", "--", *line, "--model", "Qwen/Qwen3-4B"], capsys)
    (message,) = told(["vllm", "--", *line, "--model", "Qwen/Qwen3-4B", "--no-such"], capsys)
    assert "no option `no-such`" in message or "no option `--no-such`" in message
    assert main(["import", "vllm", "--check", "--", *line, "python", "app.py"]) == 2
    assert "starts no runtime" in capsys.readouterr().err
