"""What a repository's name tells of its weights, where nothing else is known of it."""

from __future__ import annotations

import pytest

from servec.cli.main import main
from servec.compiler.memory.by_name import least_bytes


@pytest.mark.parametrize(
    ("name", "billions"),
    [
        ("acme/Lynx-70B-Instruct", 70),
        ("acme/some-235B-A22B", 235),
        ("acme/mix-8x7B-v0.1", 44.8),
        ("acme/7B-taught-by-72B", 7),
        ("acme/new-1.5b", 1.5),
        ("acme/A3B", 0),
        ("acme/llama-70b-2bit", 0),
        ("acme/llama-70b-lora", 0),
        ("acme/70B-store/model", 0),
    ],
)
def test_billions(name: str, billions: float) -> None:
    assert least_bytes(name) == pytest.approx(billions * 0.45e9)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("vllm serve acme/new-70b", 1),
        ("vllm serve acme/new-70b -tp 4", 0),
        ("vllm serve acme/new-70b --cpu-offload-gb 60", 0),
        ("vllm serve acme/new-7b", 0),
    ],
)
def test_what_cannot_fit_in_four_bits_is_refused(
    line: str, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["import", "vllm@0.33.0", "--check", "--hardware", "t4 x 4", "--", *line.split()]
    assert main(words) == code
    assert ("SRV307" in capsys.readouterr().err) is bool(code)
