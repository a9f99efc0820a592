"""Options that are gone are read as what says the same now, and told; --check refuses them."""

from __future__ import annotations

import pytest

from servec.cli.main import main
from tests.importing.recipes import read

VLLM = "vllm serve Qwen/Qwen3-8B "
SGLANG = "python3 -m sglang.launch_server --model-path deepseek-ai/DeepSeek-V3 --tp 8 "


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (VLLM + "--enable-reasoning --reasoning-parser qwen3", "reasoning = qwen3"),
        (VLLM + "--task embed", "task = embed"),
        ("vllm serve --task generate Qwen/Qwen3-8B", 'model = "Qwen/Qwen3-8B"'),
        (VLLM + "--swap-space 16 --device cuda --use-v2-block-manager", "model = "),
        (VLLM + "--limit-mm-per-prompt image=5,video=2", "videos = 2"),
        (VLLM + "--guided-decoding-backend xgrammar", "xgrammar"),
        (SGLANG + "--enable-ep-moe", "expert = 8"),
        (SGLANG + "--enable-deepep-moe", "all2all = deepep"),
        (SGLANG + "--enable-deepep-moe --enable-eplb", "expert = 8"),
    ],
)
def test_read_as_what_says_the_same(line: str, said: str) -> None:
    found = read(line.split())
    assert said in found.imported.text
    assert found.imported.said.gone and not found.imported.said.unknown
    assert found.process is not None and not found.unexplained


def test_what_has_no_exact_successor_stays() -> None:
    for more in ("--rope-scaling {}", "--task score", "--device tpu"):
        found = read([*VLLM.split(), *more.split()])
        assert found.imported.said.unknown and not found.imported.said.gone


def test_it_is_told_and_check_refuses_it(capsys: pytest.CaptureFixture[str]) -> None:
    line = ["--", *VLLM.split(), "--enable-reasoning"]
    assert main(["import", "--verify", *line]) == 0
    assert "has no --enable-reasoning: --reasoning-parser alone" in capsys.readouterr().err
    assert main(["import", "--check", *line]) == 1
