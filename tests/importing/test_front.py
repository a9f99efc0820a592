"""`trtllm-serve disaggregated`, the front of servers, is judged by its words and its file."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from servec.cli.main import main

if TYPE_CHECKING:
    from pathlib import Path

GOOD = """\
hostname: localhost
port: 8000
backend: pytorch
context_servers:
  num_instances: 2
  urls: ["a:8001", "b:8001"]
generation_servers:
  urls: ["c:8001"]
"""


@pytest.mark.parametrize(
    ("text", "words", "refused"),
    [
        (GOOD, [], []),
        (GOOD, ["-t", "60", "--log_level=debug"], []),
        (GOOD, ["--port", "8000"], ["--port", "8000"]),
        (GOOD, ["-r", "soon"], ["-r"]),
        (GOOD, ["-l", "loud"], ["-l"]),
        (GOOD.replace("2", "3"), [], ["context_servers.urls"]),
        (GOOD.replace("c:8001", "c"), [], ["generation_servers.urls"]),
        (GOOD + "  backend: trt\n", [], ["generation_servers.backend"]),
        ("- a list\n", [], ["--config_file"]),
    ],
)
def test_what_the_front_refuses(
    text: str,
    words: list[str],
    refused: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "front.yaml").write_text(text)
    line = ["trtllm-serve", "disaggregated", "-c", "front.yaml", *words]
    code = main(["import", "trtllm", "--check", "--format", "json", "--", *line])
    found = json.loads(capsys.readouterr().out)["diagnostics"]
    assert [item["message"].split("`")[1] for item in found] == refused
    assert code == int(bool(refused))
