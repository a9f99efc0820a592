"""A line that states no version is read as one for the newest that takes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from servec.cli.main import main
from servec.targets.shared.importing.programs.program import command
from servec.targets.shared.importing.versioned import written_for
from servec.targets.shared.table import versions

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("line", "version"),
    [
        ("llama-server -m x.gguf --no-mmap", "b10809"),
        ("llama-server -m x.gguf --load-mode none", ""),
        ("vllm serve m --bogus 1", ""),
        ("python3 -m sglang.launch_server --model-path m --nsa-decode-backend trtllm", "0.5.19"),
    ],
)
def test_written_for(line: str, version: str) -> None:
    found = command(line.split())
    assert written_for(found.runtime, (found,)) == version


def test_variables_tell_the_version() -> None:
    line = "python3 -m sglang.launch_server --model-path m"
    found = command(line.split(), {"SGLANG_ENABLE_SPEC_V2": "1"})
    assert written_for("sglang", (found,)) not in ("", versions("sglang")[-1])


@pytest.mark.parametrize("tag", ["latest", "nightly", "g0e39202ca"])
def test_a_tag_that_moves_states_no_version(tag: str, capsys: pytest.CaptureFixture[str]) -> None:
    line = ["--check", "--", "vllm", "serve", "Qwen/Qwen3-8B", "--no-such-option", "1"]
    printed = []
    for runtime in (f"vllm@{tag}", "vllm"):
        assert main(["import", runtime, *line]) == 1
        printed.append(capsys.readouterr())
    assert printed[0] == printed[1]


def test_the_spec_says_it(capsys: pytest.CaptureFixture[str]) -> None:
    line = ["--", "llama-server", "-m", "x.gguf", "--no-mmap"]
    assert main(["import", "--verify", *line]) == 0
    out, _ = capsys.readouterr()
    assert 'version = "b10809" # the newest that takes the line' in out
    assert "load_format = copy" in out


def test_a_line_that_an_older_version_takes_is_told_and_not_refused(
    capsys: pytest.CaptureFixture[str],
) -> None:
    line = ["--", "llama-server", "-m", "x.gguf", "--no-mmap"]
    assert main(["import", "--check", *line]) == 0
    assert "b10809 is the newest that takes every word, b11549 does not" in capsys.readouterr().err
    assert main(["import", "llamacpp@b11549", "--check", *line]) == 1
    assert main(["import", "--check", *line, "--bogus", "1"]) == 1


def test_a_switch_of_old_is_read_and_reported(capsys: pytest.CaptureFixture[str]) -> None:
    line = ["--", "llama-server", "-fa", "-hf", "a/b:Q4_K_M"]
    assert main(["import", "--verify", *line]) == 0
    out, err = capsys.readouterr()
    assert "attention = flash_attn" in out and "refuses -fa" in err
    assert main(["import", "--check", *line]) == 1


def test_an_older_image_is_read_all_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "run.sh"
    path.write_text("docker run --gpus all vllm/vllm-openai:v0.10.0 --model Qwen/Qwen3-8B -tp 2\n")
    assert main(["import", "--verify", "--script", str(path)]) == 0
    assert "tensor = 2" in capsys.readouterr().out
