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
