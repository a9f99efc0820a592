"""Graphs beside a share near 1 are judged, unless the launch says itself which are captured."""

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
