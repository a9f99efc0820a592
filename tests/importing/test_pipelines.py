"""Models that make images: refused by servers of language models, left alone where others serve."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from servec.cli.main import main

if TYPE_CHECKING:
    from collections.abc import Sequence

IMAGES = "black-forest-labs/FLUX.2-klein-4B"
OMNI = ("docker", "run", "vllm/vllm-omni:v0.18.0", "--model", "Qwen/Qwen-Image", "--omni")


@pytest.mark.parametrize(
    ("given", "refused"),
    [
        (("vllm@0.33.0", "vllm", "serve", IMAGES), {"SRV306"}),
        (("sglang@0.5.23", "python", "-m", "sglang.launch_server", "--model", IMAGES), {"SRV306"}),
        (("llamacpp@b11549", "llama-server", "-m", "flux1-dev-Q4_0.gguf"), {"SRV306"}),
        (("mlx@0.32.2", "mlx_lm.server", "--model", IMAGES), {"SRV306"}),
        (("sglang@0.5.23", "sglang", "serve", "--model-path", IMAGES), set()),
        (("", "vllm", "serve", "Qwen/Qwen-Image", "--omni"), set()),
        (("vllm@0.33.0", "vllm", "serve", "Qwen/Qwen-Image", "--omni"), {"SRV201", "SRV306"}),
        (("", *OMNI), set()),
    ],
)
def test_who_serves_images(
    given: Sequence[str], refused: set[str], capsys: pytest.CaptureFixture[str]
) -> None:
    runtime = given[:1] if given[0] else ()
    code = main(["import", *runtime, "--check", "--format", "json", "--", *given[1:]])
    found = json.loads(capsys.readouterr().out)["diagnostics"]
    assert {item["code"] for item in found if item["severity"] == "error"} == refused
    assert code == bool(refused)


@pytest.mark.parametrize(
    ("version", "codes"),
    [("0.9.2", {"SRV306"}), ("0.10.0", set()), ("0.10.1", set()), ("0.22.1", set())],
)
def test_a_class_that_is_made_of_another_is_served_since_it_is_made(
    version: str, codes: set[str], capsys: pytest.CaptureFixture[str]
) -> None:
    line = ("vllm", "serve", "Skywork/Skywork-Reward-Llama-3.1-8B")
    main(["import", f"vllm@{version}", "--check", "--format", "json", "--", *line])
    found = json.loads(capsys.readouterr().out)["diagnostics"]
    assert {item["code"] for item in found if item["severity"] == "error"} == codes
