"""Servers that a script starts at once are judged together, and only those."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from servec.cli.main import main

if TYPE_CHECKING:
    from pathlib import Path

SGLANG = "sglang serve --model-path Qwen/Qwen3-0.6B"
SERVE = "vllm serve Qwen/Qwen3-0.6B --port {} --gpu-memory-utilization {}"
NIXL = """ --kv-transfer-config '{"kv_connector":"NixlConnector","kv_role":"kv_both"}'"""
ONE, TWO = SERVE.format(8000, 0.3), SERVE.format(8001, 0.5)
FULL = SERVE.format(8001, 0.8)

CLASHES = [
    ("vllm", f"{ONE} &\n{ONE} &\n", "SRV506", "port 8000"),
    ("vllm", f"{ONE} &\n{FULL}\n", "SRV505", "110% of device 0"),
    ("vllm", f"f() {{ {FULL} & }}\nf\nsleep 9\nf\n", "SRV505", "160% of device 0"),
    ("vllm", f"{ONE}{NIXL} &\n{TWO}{NIXL} &\nwait\n", "SRV506", "SIDE_CHANNEL_PORT 5600"),
    ("vllm@0.8.5", f"{TWO} &\n{ONE} &\n", "SRV505", "30% of device 0 is less"),
    ("sglang", f"{SGLANG} &\n" * 2, "SRV506", "port 30000"),
]
APART = [
    ("vllm", f"{ONE} &\n{TWO} &\nwait\n"),
    (
        "vllm",
        f"CUDA_VISIBLE_DEVICES=0 {FULL} &\nCUDA_VISIBLE_DEVICES=1 {TWO.replace('8001', '1')} &\n",
    ),
    ("vllm", f"{FULL} &\nPID=$!\nkill $PID\n{FULL} &\n"),
    ("vllm", f"{FULL} &\npgrep vllm | xargs -r kill -9\n{FULL} &\n"),
    ("vllm", f"{FULL}\n{FULL}\n"),
    ("vllm", f'if [ "$1" = a ]; then {FULL} &\nelse {FULL} &\nfi\n'),
    ("vllm", f"case $1 in a) {FULL} & ;; b) {FULL} & ;; esac\n"),
    ("vllm", f"ssh one {FULL} &\nssh two {FULL} &\n"),
    (
        "vllm",
        f"for i in 0 1; do CUDA_VISIBLE_DEVICES=$i {TWO.replace('8001', '$((8000+i))')} & done\n",
    ),
    ("vllm@0.9.2", f"{TWO} &\n{ONE} &\n"),
]

RANK = "vllm serve Qwen/Qwen3-30B-A3B -tp 2 -dp 2 -dpl 1 -dpa 10.1.1.1 -dpp 40015"
GROUPS = [
    (
        "vllm@0.29.0",
        f"{RANK} -dpr 0\n{RANK} --headless -dpr 1\n",
        "one rank of the group is --head",
    ),
    ("vllm@0.27.1", f"{RANK} -dpr 0\n{RANK} --headless -dpr 1\n", ""),
    ("vllm@0.29.0", f"{RANK}\n{RANK} --headless -dpr 1\n", ""),
    ("vllm@0.29.0", f"{RANK}\n{RANK} -dpr 1\n", "two ranks of the group answer requests"),
    ("vllm@0.29.0", f"{RANK} -dph -dpr 0\n{RANK} -dph -dpr 1\n", ""),
    ("vllm@0.29.0", f"{RANK}\n{RANK} --headless -dpr 1\n{RANK} -dph\n{RANK} -dph -dpr 1\n", ""),
]
"""The last: two ways to do it, in one text."""


def judged(
    runtime: str, text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> list[tuple[str, str]]:
    path = tmp_path / "serve.sh"
    path.write_text(text)
    main(["import", runtime, "--check", "--hardware", "h100 x 2", "--format", "json",
          "--script", str(path)])  # fmt: skip
    found = json.loads(capsys.readouterr().out)["diagnostics"]
    return [(item["code"], item["message"]) for item in found if item["severity"] == "error"]


@pytest.mark.parametrize(("runtime", "text", "code", "told"), CLASHES)
def test_what_runs_at_once_is_judged_together(
    runtime: str, text: str, code: str, told: str, tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    found = judged(runtime, text, tmp_path, capsys)
    assert any(each == code and told in message for each, message in found), found


@pytest.mark.parametrize(("runtime", "text"), APART)
def test_what_does_not_is_not(
    runtime: str, text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert judged(runtime, text, tmp_path, capsys) == []


@pytest.mark.parametrize(
    ("runtime", "text", "told"),
    [
        (
            "sglang",
            f"{SGLANG} --disaggregation-mode prefill --page-size 64\n"
            f"{SGLANG} --disaggregation-mode decode --page-size 16\n",
            "prefill keeps 64 tokens in a block, decode 16",
        ),
        (
            "vllm",
            f"{ONE} --dtype half{NIXL.replace('both', 'producer')}\n"
            f"{TWO} --dtype bfloat16{NIXL.replace('both', 'consumer')}\n",
            "prefill computes in fp16, decode in bf16",
        ),
    ],
)
def test_caches_of_a_pair_fit_each_other(
    runtime: str, text: str, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert judged(runtime, text, tmp_path, capsys) == [("SRV409", told)]


@pytest.mark.parametrize(("runtime", "text", "told"), GROUPS)
def test_ranks_of_one_group_agree_on_who_answers(
    runtime: str, text: str, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Either all of them answer requests, or one does and the others are headless."""
    found = judged(runtime, text, tmp_path, capsys)
    assert [message[: len(told)] for _, message in found] == ([told] if told else [])
