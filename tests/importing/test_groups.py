"""Groups of pods and containers on a command line are read as the launches that they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from servec.cli.main import main

if TYPE_CHECKING:
    from pathlib import Path

GROUP = """apiVersion: leaderworkerset.x-k8s.io/v1
kind: LeaderWorkerSet
metadata: {name: house, namespace: prod}
spec:
  replicas: 1
  leaderWorkerTemplate:
    size: 2
    leaderTemplate:
      spec:
        containers:
        - name: leader
          image: lmsysorg/sglang:v0.5.23
          command: [python3, -m, sglang.launch_server]
          args: [--model-path, deepseek-ai/DeepSeek-V3, --tp-size, "16",
                 --dist-init-addr, "$(LWS_LEADER_ADDRESS):20000", --nnodes, $(LWS_GROUP_SIZE),
                 --node-rank, $(LWS_WORKER_INDEX), --port, "40000"]
    workerTemplate:
      spec:
        containers:
        - name: worker
          image: lmsysorg/sglang:v0.5.23
          command: [sh, -c]
          args: ["python3 -m sglang.launch_server --model-path deepseek-ai/DeepSeek-V3 --tp-size 16
                 --dist-init-addr $LWS_LEADER_ADDRESS:20000 --nnodes ${LWS_GROUP_SIZE}
                 --node-rank $LWS_WORKER_INDEX"]
          env: [{name: NCCL_DEBUG, value: WARN}]
"""


def imported(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = main(["import", "--verify", *words])
    out, err = capsys.readouterr()
    return code, out, err


def test_a_group_is_one_deployment(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "group.yaml"
    path.write_text(GROUP.replace("          env: [{name: NCCL_DEBUG, value: WARN}]\n", ""))
    code, out, err = imported(capsys, "--script", str(path))
    assert code == 0 and ": equivalent" in err, err
    assert out.count("deployment ") == 1 and "nodes = 2" in out
    assert "SERVEC_DIST_INIT_ADDR=house-0.house.prod:20000" in out
    assert "LWS_" not in out


def test_what_is_said_of_the_group_wins(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "group.yaml"
    path.write_text(GROUP)
    _, out, _ = imported(capsys, "--script", str(path), "--env", "LWS_LEADER_ADDRESS=10.0.0.1")
    assert "SERVEC_DIST_INIT_ADDR=10.0.0.1:20000" in out
    assert "NCCL_DEBUG" in out and "LWS_" not in out


@pytest.mark.parametrize("size", ["-1", "x", "1000000", "null"])
def test_a_strange_size_is_one_pod(
    size: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "group.yaml"
    path.write_text(GROUP.replace("size: 2", f"size: {size}"))
    code, out, err = imported(capsys, "--script", str(path))
    assert code in (0, 1) and "SRV901" not in err and "\n  nodes" not in out


@pytest.mark.parametrize(
    ("words", "runtime", "version"),
    [
        (
            "docker run --gpus all --shm-size 1g -p 8080:80 -v /data:/data "
            "ghcr.io/huggingface/text-generation-inference:3.3.7 "
            "--model-id Qwen/Qwen3-8B --num-shard 2",
            "tgi", "3.3.7",
        ),
        ("docker run --rm -it vllm/vllm-openai:v0.33.0 --model Qwen/Qwen3-8B -tp 2",
         "vllm", "0.33.0"),
        ("sudo podman run lmsysorg/sglang:v0.5.23 python3 -m sglang.launch_server "
         "--model-path Qwen/Qwen3-8B --tp-size 2", "sglang", "0.5.23"),
    ],
)  # fmt: skip
def test_a_container_on_the_command_line(
    words: str, runtime: str, version: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = imported(capsys, "--", *words.split())
    assert code == 0 and ": equivalent" in err, err
    assert f"target = {runtime}" in out and f'version = "{version}"' in out
    assert "parallel { tensor = 2 }" in out
