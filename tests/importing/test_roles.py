"""A prefill and a decode server of one script are one deployment with two roles."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from servec.cli.main import main
from servec.dsl.format import format_text

if TYPE_CHECKING:
    from pathlib import Path

# vllm-project/vllm recipes/models/zai-org/GLM-5.3-Flash.yaml:52
VLLM = """
export VLLM_KV_CACHE_LAYOUT=HND
S='{"method":"mtp","num_speculative_tokens":5}'
PREFILL='{"kv_connector":"NixlConnector","kv_role":"kv_producer"}'
DECODE='{"kv_connector":"NixlConnector","kv_role":"kv_consumer"}'
CUDA_VISIBLE_DEVICES=0,1,2,3 VLLM_NIXL_SIDE_CHANNEL_PORT=5557 vllm serve zai-org/GLM-5.3-Flash \\
  --port 8001 -tp 4 --kv-transfer-config "$PREFILL" \\
  --speculative-config "$S" --enforce-eager --served-model-name zai-org/GLM-5.3-Flash &
CUDA_VISIBLE_DEVICES=4,5,6,7 VLLM_NIXL_SIDE_CHANNEL_PORT=5558 vllm serve zai-org/GLM-5.3-Flash \\
  --port 8002 -tp 4 --kv-transfer-config "$DECODE" \\
  --speculative-config "$S" --max-num-seqs 512 --served-model-name zai-org/GLM-5.3-Flash
"""
# sgl-project/ome runtimes/srt/mixtral-8x7b-instruct-pd-rt.yaml
SGLANG = """
ARGS="--host 0.0.0.0 --port 8080 --model-path mistralai/Mixtral-8x7B-Instruct-v0.1 --tp-size 2"
python3 -m sglang.launch_server $ARGS --disaggregation-mode prefill --enable-metrics
python3 -m sglang.launch_server $ARGS --disaggregation-mode decode --max-running-requests 64
"""


def imported(
    script: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> tuple[int, str, str]:
    path = tmp_path / "launch.sh"
    path.write_text(script)
    code = main(["import", "--verify", "--script", str(path)])
    out, err = capsys.readouterr()
    return code, out, err


@pytest.mark.parametrize("script", [VLLM, SGLANG], ids=["vllm", "sglang"])
def test_roles(script: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = imported(script, tmp_path, capsys)
    assert code == 0 and out.count("deployment ") == 1
    assert "role prefill {" in out and "role decode {" in out and "transfer = " in out
    assert "kv_role" not in out and "disaggregation-mode" not in out
    assert format_text(out) == out and ": equivalent" in err


def test_what_differs_stands_in_its_role(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, out, _ = imported(VLLM, tmp_path, capsys)
    common, _, rest = out.partition("role prefill {")
    prefill, _, decode = rest.partition("role decode {")
    assert "speculative = mtp" in common and "layout = hnd" in common and "batch" not in common
    assert '"5557"' in prefill and '"5558"' in decode and "batch = 512" in decode


def test_one_role_alone_stays_itself(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    script = "\n".join(SGLANG.splitlines()[:-1])
    code, out, _ = imported(script, tmp_path, capsys)
    assert code == 0 and "disaggregation-mode = prefill" in out and "role" not in out


def test_several_pairs_are_one_deployment_each(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = imported(SGLANG + SGLANG, tmp_path, capsys)
    assert code == 0 and out.count("deployment ") == 2 and out.count("role decode {") == 2
    assert err.count(": equivalent") == 2
