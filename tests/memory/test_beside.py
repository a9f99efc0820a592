"""What lies beside a share: graphs, what the system holds, what a pass works with."""

from __future__ import annotations

import pytest

from servec.cli.main import main

LINE = (
    "vllm serve 01-ai/Yi-1.5-34B-Chat --tensor-parallel-size 4 --gpu-memory-utilization 0.99"
    " --max-model-len 2048 --max-num-seqs 256"
)
SAID = ["--compilation-config", '{"cudagraph_capture_sizes": [1]}']


@pytest.mark.parametrize(("more", "code"), [([], 1), (SAID, 0)], ids=["unsaid", "said"])
def test_graphs_beside_the_share(
    more: list[str], code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["import", "vllm@0.8.5", "--check", "--hardware", "rtx-4090 x 4", "--"]
    assert main([*words, *LINE.split(), *more]) == code
    assert ("SRV307" in capsys.readouterr().err) is bool(code)


@pytest.mark.parametrize(
    ("share", "word"),
    [("0.99", "SRV307"), ("0.92", "SRV317"), ("0.85", "")],
)
def test_memory_that_the_system_shares(
    share: str, word: str, capsys: pytest.CaptureFixture[str]
) -> None:
    line = f"vllm serve Qwen/Qwen3-8B --gpu-memory-utilization {share}"
    main(["import", "vllm@0.33.0", "--check", "--hardware", "dgx-spark", "--", *line.split()])
    told = capsys.readouterr()
    assert word in told.err + told.out
    assert word or "SRV3" not in told.err + told.out


@pytest.mark.parametrize(("share", "told"), [("0.99", True), ("0.9", False)])
def test_a_pass_works_with_what_the_cache_leaves(
    share: str, told: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    line = "lmdeploy serve api_server Qwen/Qwen2.5-VL-7B-Instruct --cache-max-entry-count"
    words = ["import", "lmdeploy@0.18.0", "--check", "--hardware", "h100 x 1", "--"]
    assert main([*words, *line.split(), share]) == 0
    found = capsys.readouterr()
    assert ("SRV317" in found.err + found.out) is told


@pytest.mark.parametrize(
    ("hardware", "code"), [("m3-ultra-96g", "SRV317"), ("m3-max-64g", "SRV307")]
)
def test_mlx_is_slow_beyond_what_is_wired(
    hardware: str, code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    line = "mlx_lm.server --model mlx-community/Qwen3-Next-80B-A3B-Instruct-8bit"
    main(["import", "mlx@0.32.2", "--check", "--hardware", hardware, "--", *line.split()])
    told = capsys.readouterr()
    assert code in told.out + told.err
