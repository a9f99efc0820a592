"""Values of native options that no runtime takes and that would cost more than they are worth."""

from __future__ import annotations

import pytest

from servec import api
from servec.cli.main import main

SPEC = """servec 1
deployment "x" {{
  model = qwen3-8b
  hardware = h100 x 1
  target = vllm
  on vllm {{ {option} = "{text}" }}
}}
"""


@pytest.mark.parametrize(
    ("option", "text"),
    [
        ("gpu-memory-utilization", "1e999999999"),
        ("gpu-memory-utilization", "0." + "1" * 5000),
        ("max-model-len", "1" * 5000),
        ("kv-cache-memory-bytes", "1" * 5000 + "k"),
        ("speculative-config", '{"a": ' + "1" * 5000 + "}"),
        ("speculative-config", '{"a":' * 15000),
    ],
)
def test_refused_at_once(option: str, text: str, capsys: pytest.CaptureFixture[str]) -> None:
    spec = SPEC.format(option=option, text=text.replace('"', '\\"'))
    found = api.check({"a.srv": spec}).diagnostics
    assert "SRV205" in [item.code for item in found]
    words = ["vllm", "serve", "Qwen/Qwen3-8B", f"--{option}", text]
    assert main(["import", "vllm", "--check", "--hardware", "h100 x 1", "--", *words]) in (1, 2)
    assert "SRV901" not in capsys.readouterr().err


@pytest.mark.parametrize("launch", ["vllm@0.8.5", "sglang@0.4.9", "llamacpp@b8000", "mlx@0.20.0"])
@pytest.mark.parametrize("count", ["1" * 5000, "-" + "1" * 5000, "--5", "²", "12"])
def test_counts_of_old_releases(
    launch: str, count: str, capsys: pytest.CaptureFixture[str]
) -> None:
    flag = "--max-tokens" if launch.startswith("mlx") else "--port"
    assert main(["import", launch, "--check", "--", "-m", "any", flag, count]) in (0, 1, 2)
    assert "SRV901" not in capsys.readouterr().err


@pytest.mark.parametrize(
    "stated", ["1" * 5000, "b" + "1" * 5000, ">=" + "1" * 5000, "0.8rc" + "1" * 5000]
)
def test_versions(stated: str, capsys: pytest.CaptureFixture[str]) -> None:
    spec = SPEC.format(option="version", text=stated)
    assert [item.code for item in api.check({"a.srv": spec}).diagnostics][:1] == ["SRV207"]
    assert main(["import", f"vllm@{stated}", "--check", "--", "vllm", "serve", "x"]) == 2
    assert "SRV901" not in capsys.readouterr().err


@pytest.mark.parametrize(
    ("launch", "line"),
    [
        ("vllm", "python -m vllm.entrypoints.openai.api_server --model"),
        ("vllm@0.8.5", "python -m vllm.entrypoints.openai.api_server --model --port 80"),
        ("sglang", "python -m sglang.launch_server --model-path --tp 2"),
        ("llamacpp", "llama-server -m"),
        ("tgi", "text-generation-launcher --model-id"),
    ],
)
def test_an_option_without_its_word(
    launch: str, line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["import", launch, "--check", "--", *line.split()]) == 1
    assert "SRV901" not in capsys.readouterr().err


def test_a_number_too_long_to_be_one(capsys: pytest.CaptureFixture[str]) -> None:
    """A fix compares what stands in the spec with what was typed."""
    words = ["llama-server", "-m", f"Qwen3-8B-Q{'1' * 5000}.gguf"]
    assert main(["import", "llamacpp", "--check", "--", *words]) in (0, 1)
    words = ["vllm", "serve", "Qwen/Qwen3-8B", "-tp", "3", "--port", "1" * 5000]
    assert main(["import", "vllm@0.9.0", "--check", "--", *words]) == 1
    assert "SRV901" not in capsys.readouterr().err
