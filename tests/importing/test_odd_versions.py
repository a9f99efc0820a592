"""A version as people state it, of a wheel, a container or a typing slip, is judged or refused."""

from __future__ import annotations

import random

import pytest

from servec.cli.main import main
from tests.importing.test_fuzz import START

ENDS = ("", "rc1", "a2", ".post7", ".dev123", "rc2.dev3", "-post1")
LOCAL = ("", "", "+cu121", "+g1a2b3c4.d20250101", "-cu118", "+CU121")
WORDS = ("main", "latest", "<0.9", "0.9.*", "~=0.9", "v", ".", "1..2", "1e5", "9" * 20, "b12a", "+")
LINES = {**START, "rayserve": ["serve", "run", "app:app"], "tgi": ["text-generation-launcher"]}


def version(source: random.Random) -> str:
    if source.random() < 0.2:
        return source.choice(WORDS)
    numbers = [str(source.choice((0, 1, 5, 9, 10, 30))) for _ in range(source.randint(1, 4))]
    front = source.choice(("", "", "v", "b"))
    return front + ".".join(numbers) + source.choice(ENDS) + source.choice(LOCAL)


@pytest.mark.parametrize("runtime", sorted(LINES))
def test_odd_versions(runtime: str, capsys: pytest.CaptureFixture[str]) -> None:
    source = random.Random(runtime)
    for _ in range(20):
        stated = f"{runtime}@{version(source)}"
        code = main(["import", stated, "--check", "--hardware", "h100", "--", *LINES[runtime]])
        assert code in (0, 1, 2), stated
        assert "SRV901" not in capsys.readouterr().err


@pytest.mark.parametrize("stated", ["vllm@0.9.0.dev123+gabc1234", "vllm@v0.8.5+cu121"])
def test_local_part(stated: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The build behind `+` is that of the release before it."""
    line = ["vllm", "serve", "Qwen/Qwen3-8B", "--max-model-len", "8192"]
    assert main(["import", stated, "--check", "--hardware", "h100", "--", *line]) == 0
    assert f"nothing found against it: {stated.replace('@', ' ')}, " in capsys.readouterr().err
