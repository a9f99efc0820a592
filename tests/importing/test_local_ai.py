"""Configs of LocalAI's models: which launch its back end makes of them."""

from __future__ import annotations

import pytest

from servec.targets.shared.importing.manifests.manifest import manifest_launches

ENGINE = """
name: a
backend: {backend}
parameters: {{model: some/model, temperature: 0.2}}
context_size: 4096
gpu_memory_utilization: 0.5
tensor_parallel_size: 2
limit_mm_per_prompt: {{image: 2}}
trust_remote_code: false
engine_args: {{max_model_len: 8192}}
"""
LLAMA = """
name: a
backend: {backend}
parameters: {{model: some.gguf}}
context_size: 8192
gpu_layers: 40
cache_type_k: q8_0
flash_attention: {flash}
mmproj: a.gguf
no_kv_offloading: true
"""


@pytest.mark.parametrize("backend", ["vllm", "cuda12-vllm"])
def test_vllm(backend: str) -> None:
    (found,) = manifest_launches(ENGINE.format(backend=backend), {})
    assert found.runtime == "vllm" and found.words[0] == "some/model"
    text = " ".join(found.words[1:])
    assert text.startswith("--gpu-memory-utilization 0.5 --tensor-parallel-size 2")
    assert text.endswith("--max-model-len 8192") and "--limit-mm-per-prompt" in text


@pytest.mark.parametrize("backend", ["llama-cpp", "cuda12-llama-cpp", "llama"])
@pytest.mark.parametrize("flash", [True, "auto"])
def test_llamacpp(backend: str, flash: object) -> None:
    (found,) = manifest_launches(LLAMA.format(backend=backend, flash=flash), {})
    assert found.runtime == "llamacpp"
    assert found.words == (
        *("--model", "some.gguf", "--ctx-size", "8192", "--n-gpu-layers", "40"),
        *("--cache-type-k", "q8_0", "--no-kv-offload"),
    )
    assert found.env == ({"LLAMA_ARG_FLASH_ATTN": "1"} if flash is True else {})


@pytest.mark.parametrize(
    "text",
    [
        "backend: piper\nparameters: {model: a}",
        "backend: vllm\nparameters: {temperature: 1}",
        "kind: Model\nbackend: vllm\nparameters: {model: a}",
        "backend: [vllm]\nparameters: {model: a}",
    ],
)
def test_another_document_is_none(text: str) -> None:
    assert not tuple(manifest_launches(text, {}))
