"""Calls that are nearly right: what is printed says what to write instead."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import pytest

from servec.cli.main import main

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("call", "said"),
    [
        ("import vllm 0.8.5 --check -- vllm serve a/b", "`vllm@0.8.5`"),
        ("import --check vllm serve a/b -tp 2", "behind `--`"),
        ("import --gpu h100 -- vllm serve a/b", "`--hardware`"),
        ("import -- vllm run a/b", "`vllm serve` does"),
        ("import -- python -m vllm.entrypoints.openai --model a/b", "`vllm serve` does"),
        ("import -- text-generation-inference --model-id a/b", "`text-generation-launcher` does"),
        ("import -- ./start.sh", "`servec import vllm -- OPTIONS`"),
        ("import --script a.srv", "`servec check a.srv`"),
        ("check vllm serve a/b", "`servec import --check -- ...`"),
    ],
)
def test_wrong_usage_leads_to_the_right_one(
    call: str,
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.srv").write_text("servec 1\n")
    assert main(shlex.split(call)) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("--enable-prefix-caching true", "`--enable-prefix-caching` is a switch and takes none"),
        ("--dtype fp16", "write `float16`"),
    ],
)
def test_a_line_that_is_refused_leads_to_the_right_word(
    words: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    line = ["vllm", "serve", "Qwen/Qwen3-8B", *words.split()]
    assert main(["import", "vllm@0.33.0", "--check", "--", *line]) == 1
    assert said in capsys.readouterr().err
