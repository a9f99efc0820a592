"""Options of `trtllm-serve` and keys of its file that say the same, spelt in one way."""

from __future__ import annotations

from servec.targets.shared.importing.settled import without

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from servec.targets.shared.importing.settled import Spelling


def _cache_share(options: dict[str, Any]) -> dict[str, Any]:
    """The cache's share of free memory is a flag and a key of the file.

    Source: TensorRT-LLM 1.3.0rc3 tensorrt_llm/commands/serve.py get_llm_args.
    """
    block = options.get("kv-cache-config")
    if not isinstance(block, dict) or "free_gpu_memory_fraction" not in block:
        return options
    kept = {key: value for key, value in block.items() if key != "free_gpu_memory_fraction"}
    made = {**options, "free-gpu-memory-fraction": block["free_gpu_memory_fraction"]}
    return {**made, "kv-cache-config": kept} if kept else without(made, "kv-cache-config")


def _open_cache(options: dict[str, Any]) -> dict[str, Any]:
    """`auto` is the type of the cache unasked (TensorRT-LLM 1.3.0rc3 llm_args.py KvCacheConfig)."""
    block = options.get("kv-cache-config")
    if not isinstance(block, dict) or block.get("dtype") != "auto":
        return options
    kept = {key: value for key, value in block.items() if key != "dtype"}
    return {**options, "kv-cache-config": kept} if kept else without(options, "kv-cache-config")


def _draft_name(options: dict[str, Any]) -> dict[str, Any]:
    """The draft model's key has two names.

    Source: TensorRT-LLM 1.3.0rc3 tensorrt_llm/llmapi/llm_args.py DecodingBaseConfig.
    """
    block, old = options.get("speculative-config"), "speculative_model_dir"
    if not isinstance(block, dict) or old not in block or "speculative_model" in block:
        return options
    made = {("speculative_model" if k == old else k): v for k, v in block.items()}
    return {**options, "speculative-config": made}


def _layers(options: dict[str, Any]) -> dict[str, Any]:
    """MTP drafts a token with each layer, whichever of the two is counted.

    Source: TensorRT-LLM main docs/source/deployment-guide (max_draft_len), 1.3.0rc3
    tensorrt_llm/llmapi/llm_args.py MTPDecodingConfig.num_nextn_predict_layers.
    """
    block = options.get("speculative-config")
    if not isinstance(block, dict) or block.get("decoding_type") != "MTP":
        return options
    if "max_draft_len" not in block or "num_nextn_predict_layers" in block:
        return options
    made = {
        ("num_nextn_predict_layers" if k == "max_draft_len" else k): v for k, v in block.items()
    }
    return {**options, "speculative-config": made}


def _moe_tensor(options: dict[str, Any]) -> dict[str, Any]:
    """What is left of the width once experts are spread is how far each is cut, unasked.

    Source: TensorRT-LLM 1.3.0rc3 tensorrt_llm/mapping.py.
    """
    name = "moe-tensor-parallel-size"
    whole, spread = (options.get(f"{part}-parallel-size", 1) for part in ("tensor", "moe-expert"))
    numbers = isinstance(whole, int) and isinstance(spread, int) and spread > 0
    return without(options, name) if numbers and options.get(name) == whole // spread else options


SPELLINGS: tuple[Spelling, ...] = (_cache_share, _open_cache, _draft_name, _layers, _moe_tensor)
