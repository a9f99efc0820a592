"""Commands of one launch over several nodes, and of a single node of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from servec.cli.main import main
from tests.importing.recipes import outcome, read

if TYPE_CHECKING:
    from pathlib import Path

SGLANG = "sglang serve --model-path m --tp 16 --nnodes 2 --dist-init-addr 10.0.0.1:5000 --node-rank"
VLLM = (
    "vllm serve deepseek-ai/DeepSeek-V3-0324 -tp 1 -dp 16 -dpl 8 --enable-expert-parallel "
    "--data-parallel-address 10.0.0.1 --data-parallel-rpc-port 13345"
)
SCRIPTS = {
    "sglang": f"{SGLANG} 1\n{SGLANG} 0 --port 9000\n",
    "vllm": f"{VLLM} --api-server-count=8\n{VLLM} --data-parallel-start-rank 8 --headless\n",
}


@pytest.mark.parametrize("runtime", SCRIPTS)
def test_ranks_are_one_deployment(
    runtime: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "launch.sh"
    path.write_text(SCRIPTS[runtime])
    assert main(["import", runtime, "--verify", "--script", str(path)]) == 0
    out, err = capsys.readouterr()
    assert out.count("deployment ") == 1 and "nodes = 2 # start with SERVEC_" in out
    assert "any x 8" in out and "node-rank" not in out and "start-rank" not in out
    assert "equivalent" in err


def test_lines_that_differ_elsewhere_stay_apart(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "launch.sh"
    path.write_text(SCRIPTS["sglang"].replace("--tp 16 ", "--tp 8 --pp-size 2 ", 1))
    assert main(["import", "--verify", "--script", str(path)]) == 0
    out, _ = capsys.readouterr()
    assert out.count("deployment ") == 2 and out.count("nodes = 2 # start with") == 2


def test_a_rank_alone_comes_back_as_itself() -> None:
    found = outcome("vllm-dsv3-ep16-two-nodes")
    assert found.process is not None and not found.unexplained
    assert "--headless" in found.process.argv
    assert "data-parallel-start-rank = 8" in found.imported.text


def test_a_rank_that_a_variable_tells_is_that_of_any_node() -> None:
    found = read(f"{SGLANG} $RANK".split())
    assert found.process is not None and not found.unexplained


@pytest.mark.parametrize("rank", ["0", "1"])
def test_a_node_alone_is_compared_with_its_rank(rank: str) -> None:
    found = read(f"{SGLANG} {rank}".split())
    assert found.process is not None and not found.unexplained
    assert found.process.node_rank == int(rank)


@pytest.mark.parametrize(("devices", "code"), [(8, 0), (16, 0), (4, 1)])
def test_a_line_of_several_nodes_is_judged_on_one_of_them(devices: int, code: int) -> None:
    line = "vllm serve deepseek-ai/DeepSeek-R1 --data-parallel-size 16 --enable-expert-parallel"
    ranks = "--data-parallel-size-local 8 --data-parallel-address 10.0.0.1"
    words = ["import", "--check", "--hardware", f"h200 x {devices}", "--"]
    assert main([*words, *line.split(), *ranks.split()]) == code


@pytest.mark.parametrize(("devices", "code"), [(2, 0), (1, 1)])
def test_a_line_that_says_its_data_rank_is_judged_on_the_devices_of_one(
    devices: int, code: int
) -> None:
    line = "vllm serve Qwen/Qwen3-30B-A3B --data-parallel-size 8 --data-parallel-rank 3"
    more = "--tensor-parallel-size 2 --enable-expert-parallel --data-parallel-address 10.0.0.1"
    words = ["import", "vllm@0.33.0", "--check", "--hardware", f"h100 x {devices}", "--"]
    assert main([*words, *line.split(), *more.split()]) == code


@pytest.mark.parametrize(("experts", "code"), [(16, 0), (3, 1)])
def test_ranks_of_lmdeploy_are_judged_as_such(experts: int, code: int) -> None:
    line = "lmdeploy serve api_server deepseek-ai/DeepSeek-V3 --backend pytorch --tp 1 --dp 16"
    nodes = f"--ep {experts} --nnodes 2 --node-rank 0 --proxy-url http://10.0.0.1:8000"
    words = ["import", "--check", "--hardware", "h200 x 8", "--"]
    assert main([*words, *line.split(), *nodes.split()]) == code
