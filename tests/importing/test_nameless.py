"""A line that names no model: refused where the program's parser demands one, told where not."""

from __future__ import annotations

import pytest

from servec.cli.main import main

DEMANDS = [
    ("sglang@0.5.23", "python -m sglang.launch_server --tp-size 2", "--model-path"),
    ("sglang@0.4.1.post7", "python -m sglang.launch_server --tp-size 2", "--model-path"),
    ("sglang@0.5.23", "sglang serve --tp-size 2", "--model-path"),
    ("lmdeploy@0.18.0", "lmdeploy serve api_server --tp 2", "a model behind `api_server`"),
    ("trtllm@1.3.0rc3", "trtllm-serve --tp_size 2", "a model as the first word"),
]
OPEN = [
    ("vllm@0.33.0", "vllm serve --tensor-parallel-size 2"),
    ("llamacpp@b11549", "llama-server -ngl 99"),
    ("mlx@0.32.2", "mlx_lm.server --port 8081"),
    ("sglang@0.5.23", "--tp-size 2"),  # no program: a part of a line
]
ELSEWHERE = [
    ("sglang@0.5.23", "python -m sglang.launch_server --config server.yaml"),
    ("sglang@0.5.23", "python -m sglang.launch_server --model-path $MODEL"),
    ("lmdeploy@0.18.0", "lmdeploy serve api_server $MODEL --tp 2"),
]


@pytest.mark.parametrize(("runtime", "line", "demanded"), DEMANDS)
def test_demanded(
    runtime: str, line: str, demanded: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["import", runtime, "--check", "--", *line.split()]) == 1
    title = f"error[SRV201]: {runtime.replace('@', ' ')} is not started without {demanded}\n"
    assert title in capsys.readouterr().err


@pytest.mark.parametrize(("runtime", "line"), OPEN)
def test_left_open(runtime: str, line: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", runtime, "--check", "--", *line.split()]) == 0
    err = capsys.readouterr().err
    assert "warning[SRV316]: the line names no model, what hangs on it is not judged\n" in err
    assert "./model" not in err


@pytest.mark.parametrize(("runtime", "line"), ELSEWHERE)
def test_named_elsewhere(runtime: str, line: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", runtime, "--check", "--", *line.split()]) == 0
    assert "is not started without" not in capsys.readouterr().err


def test_told_where_it_becomes_a_spec(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", "sglang@0.5.23", "--", *DEMANDS[0][1].split()]) == 0
    assert "is not started without --model-path: name the model" in capsys.readouterr().err
