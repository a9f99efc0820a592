"""A model's config of LocalAI, as the launch that its back end makes of it: vLLM or llama.cpp.

Source: mudler/LocalAI 82c191afa core/config/model_config.go, core/backend/options.go,
backend/python/vllm/backend.py LoadModel, backend/cpp/llama-cpp/grpc-server.cpp params_parse. What
LocalAI says unasked, which its releases differ in, is not said here.
"""

from __future__ import annotations

import json

from servec.targets.shared.importing.programs.engine_call import engine_call
from servec.targets.shared.importing.programs.program import Command

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

LLAMA = ("llama", "llama-cpp")
ENGINE = (
    *("quantization", "load_format", "gpu_memory_utilization", "trust_remote_code"),
    *("enforce_eager", "tensor_parallel_size", "max_model_len", "dtype"),
)
"""Keys that are keywords of vLLM's engine, where they are not empty."""
FLAGS = {
    "context_size": "--ctx-size",
    "gpu_layers": "--n-gpu-layers",
    "cache_type_k": "--cache-type-k",
    "cache_type_v": "--cache-type-v",
    "draft_model": "--model-draft",
    "lora_adapter": "--lora",
    "main_gpu": "--main-gpu",
    "tensor_split": "--tensor-split",
    "threads": "--threads",
}
"""Keys that stand for an option of llama-server of any build with their value; its own server takes
a projector where llama-server of the same build does not."""
FLASH = "LLAMA_ARG_FLASH_ATTN"
"""Builds differ in what the flag takes, all of them in this."""
MEDIA = ("image", "video", "audio")


def configured(document: Any, env: Mapping[str, str]) -> Iterator[Command]:
    """The launch of a model's config, none for another document."""
    about = document.get("parameters") if isinstance(document, dict) else None
    model = about.get("model") if isinstance(about, dict) else None
    if not isinstance(model, str) or not isinstance(document.get("backend"), str):
        return
    if "kind" in document or "services" in document:
        return
    backend = document["backend"].lower()
    if backend == "vllm" or backend.endswith("-vllm"):
        yield from engine_call("vllm", model, _engine(document), env, "", "parameters")
    elif backend in LLAMA or backend.endswith("-llama-cpp") or backend.startswith("llama-cpp-"):
        on = document.get("flash_attention") in (True, "true", "on")
        seen = {**env, **({FLASH: "1"} if on else {})}
        yield Command("llamacpp", ("--model", model, *_flags(document)), seen)


def _engine(document: Mapping[str, Any]) -> dict[str, Any]:
    """What vLLM's engine is told; `engine_args` is the last word."""
    said = {name: document[name] for name in ENGINE if document.get(name)}
    most = document.get("limit_mm_per_prompt")
    if isinstance(most, dict) and any(most.get(name) for name in MEDIA):
        counts = {name: most.get(name) for name in MEDIA}
        said["limit_mm_per_prompt"] = {
            name: max(count if isinstance(count, int) else 0, 1) for name, count in counts.items()
        }
    more = document.get("engine_args")
    return {**said, **(more if isinstance(more, dict) else {})}


def _flags(document: Mapping[str, Any]) -> Iterator[str]:
    for name, flag in FLAGS.items():
        value = document.get(name)
        if value not in (None, "", False, True):
            yield from (flag, _shown(value))
    if document.get("no_kv_offloading") is True:
        yield "--no-kv-offload"
    if document.get("mmlock") is True:
        yield "--mlock"


def _shown(value: Any) -> str:
    return json.dumps(value) if isinstance(value, (dict, list)) else str(value)
