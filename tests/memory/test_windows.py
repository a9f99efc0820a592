"""Windows, contexts and experts that a release or an option charges otherwise than the newest."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from servec.cli.main import main
from servec.compiler.catalogue.assumed import assumed
from servec.compiler.memory.weights import weights_per_device
from servec.compiler.plan import Degrees

if TYPE_CHECKING:
    from pathlib import Path

GEMMA = "vllm serve google/gemma-3-27b-it"
TRANSFER = '{"kv_connector":"LMCacheConnectorV1","kv_role":"kv_both"}'
SMALL = "llama-server -m gemma-3-12b-it-Q4_K_M.gguf -ngl 99 -c 131072"
LLAMA = "llama-server -m Llama-3.1-8B-Instruct-Q8_0.gguf -ngl 99"
OSS = "llama-server -ngl 99 -c 4096 -m"
WORDS = {"SRV307": "refused", "SRV317": "unsure"}

ROWS = [
    # A cache for the whole context in layers with a window, too: 62 GiB beside 51 of weights.
    ("vllm@0.8.5", "h100 x 1", [GEMMA], "refused"),
    ("vllm@0.9.1", "h100 x 1", [GEMMA], "unsure"),
    ("vllm@0.11.0", "h100 x 1", [GEMMA, "--disable-hybrid-kv-cache-manager"], "refused"),
    ("vllm@0.33.0", "h100 x 1", [GEMMA, "--disable-hybrid-kv-cache-manager"], "refused"),
    ("vllm@0.11.0", "h100 x 1", [GEMMA, "--kv-transfer-config", TRANSFER], "refused"),
    ("vllm@0.22.1", "h100 x 1", [GEMMA, "--kv-transfer-config", TRANSFER], "unsure"),
    ("llamacpp@b5428", "rtx-4090 x 1", [SMALL], "refused"),
    ("llamacpp@b5429", "rtx-4090 x 1", [SMALL], "accepted"),
    ("llamacpp@b9000", "rtx-4090 x 1", [SMALL, "--swa-full"], "refused"),
    # The context that is taken where none is said: 512 tokens, the model's own, 4096.
    ("llamacpp@b3086", "rtx-4090 x 1", [LLAMA], "accepted"),
    ("llamacpp@b3087", "rtx-4090 x 1", [LLAMA], "refused"),
    ("llamacpp@b3600", "rtx-4090 x 1", [LLAMA, "-c 8192"], "accepted"),
    ("llamacpp@b4014", "rtx-4090 x 1", [LLAMA], "accepted"),
    ("llamacpp@b4014", "rtx-4090 x 1", [LLAMA, "-c 0"], "refused"),
    # The type in a file's name; experts that stay as they are published.
    ("llamacpp@b9000", "rtx-4090 x 1", [OSS, "Qwen3-32B-Q4_K_M.gguf"], "accepted"),
    ("llamacpp@b9000", "rtx-4090 x 1", [OSS, "Qwen3-32B-BF16.gguf"], "refused"),
    ("llamacpp@b9000", "h100 x 1", [OSS, "gpt-oss-120b-F16.gguf"], "accepted"),
]


@pytest.mark.parametrize(
    ("launch", "hardware", "line", "judged"), ROWS, ids=[f"{r[0]} {r[2]}" for r in ROWS]
)
def test_a_release_is_judged_by_its_own_cache(
    launch: str,
    hardware: str,
    line: list[str],
    judged: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    words = [word for part in line for word in ([part] if part[:1] == "{" else part.split())]
    given = ["import", launch, "--check", "--hardware", hardware, "--format", "json", "--"]
    main([*given, *words])
    found = {item["code"] for item in json.loads(capsys.readouterr().out)["diagnostics"]}
    assert next((word for code, word in WORDS.items() if code in found), "accepted") == judged


@pytest.mark.parametrize(
    ("word", "gib"), [("q2_k", 58.27), ("q4_k_m", 58.46), ("q8_0", 59.03), ("f16", 60.88)]
)
def test_experts_in_mxfp4_stay_so_in_files_of_any_type(word: str, gib: float) -> None:
    """The sizes of the files of unsloth/gpt-oss-120b-GGUF."""
    model = assumed("unsloth/gpt-oss-120b-GGUF", word)
    assert model is not None
    stored = weights_per_device(model, Degrees(), "vllm") / (1 << 30)
    assert stored == pytest.approx(gib, rel=0.01)
