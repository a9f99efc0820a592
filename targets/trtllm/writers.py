"""The fields of the portable table that take more than a row in TensorRT-LLM."""

from __future__ import annotations

from servec.compiler.decide.transfer import transport
from servec.compiler.memory.fit import runtime_share
from servec.targets.shared.effective import planned
from servec.targets.shared.left_open import leaves_open
from servec.targets.shared.lora import active_and_rank, local_path, wants_lora
from servec.targets.shared.speculative import drafting
from servec.targets.shared.table import load_table
from servec.targets.trtllm import autodeploy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from servec.compiler.target import Case
    from servec.targets.shared.command import Writer
    from servec.targets.shared.settings import Settings

KINDS = {
    **{"mtp": "MTP", "eagle": "Eagle", "eagle3": "Eagle3", "dflash": "DFlash"},
    **{"dspark": "DSpark", "ngram": "NGram", "draft": "DraftTarget"},
}
MATCHED = 3
"""Tokens of an n-gram looked up (TensorRT-LLM docs/source/features/speculative-decoding.md)."""
CUTLASS_UNASKED = ("1.3.0rc3",)
"""Versions whose experts go to CUTLASS unasked, whatever their weights."""
UPDATES = 1
"""Layers whose experts are moved in one iteration (examples/wide_ep/ep_load_balancer)."""
BUFFER = 1024
"""Slack beside the tokens of one prompt in the transfer buffer: it must hold the longest prompt
(TensorRT-LLM docs/source/features/disagg-serving.md, max_tokens_in_buffer)."""
SPARSE = {
    "MiniMaxM3SparseForCausalLM": "minimax_m3",
    "MiniMaxM3SparseForConditionalGeneration": "minimax_m3",
}
BLOCKS = {"KimiK3ForConditionalGeneration": 64}
"""Tokens of a block where the kernels read no other."""
PACKED = {"DeepseekV4ForCausalLM": {"dtype": "fp8_ds_mla", "tokens_per_block": 256}}
"""The cache of a model's one kernel for the chips of workstations (main
_torch/attention_backend/fmha/flashinfer_sparse_mla.py)."""
WORKSTATIONS = (120, 121)
BLOCK = 64
"""The buffer holds whole blocks (1.3.0rc3 cpp/tensorrt_llm/batch_manager/cacheTransBuffer.cpp), of
32 tokens unasked, of 64 where FlashMLA reads them (_torch/pyexecutor/py_executor_creator.py)."""


def parallel(case: Case, _values: Mapping[str, Any], settings: Settings) -> None:
    """Write the degrees. With attention data parallel its width is the tensor width.

    Source: TensorRT-LLM docs/source/features/parallel-strategy.md; tensorrt_llm/mapping.py.
    """
    plan = planned(case)
    degrees = plan.degrees
    if autodeploy.wanted(case.spec):
        world = plan.nodes * plan.devices_per_node
        if world > 1:
            settings.set(autodeploy.WORLD, world)
        return
    settings.set("tensor-parallel-size", degrees.tensor * degrees.data)
    if degrees.pipeline > 1:
        settings.set("pipeline-parallel-size", degrees.pipeline)
    if degrees.data > 1:
        settings.set("enable-attention-dp", True)
    if degrees.expert > 1:
        settings.set("moe-expert-parallel-size", degrees.expert)
        if degrees.moe_tensor > 1 and not leaves_open(case.spec):
            settings.set("moe-tensor-parallel-size", degrees.moe_tensor)
    if plan.nodes > 1:
        settings.set("gpus-per-node", plan.devices_per_node)


def memory(case: Case, _values: Mapping[str, Any], settings: Settings) -> None:
    """The cache's share of what the weights and buffers leave free, as the plan counts them."""
    known = case.model is not None and case.device is not None and case.device.memory
    share = runtime_share(case) if known else planned(case).memory_fraction
    settings.set("free-gpu-memory-fraction", share)


def _kind(case: Case, method: str) -> str:
    """The name of a method as this version looks it up: `DraftTarget`, later `Draft_Target`."""
    name = KINDS[method]
    fields = load_table("trtllm", case.capabilities.version).fields("speculative-config")
    known: list[str] = fields["decoding_type"]["choices"]
    return next((word for word in known if word.replace("_", "") == name), name)


def speculative(case: Case, values: Mapping[str, Any], settings: Settings) -> None:
    """One block; MTP counts the layers that draft, the others the tokens drafted."""
    draft = drafting(case, values)
    if draft is None:
        return
    block: dict[str, Any] = {"decoding_type": _kind(case, draft.method)}
    if draft.method == "mtp":
        block["num_nextn_predict_layers"] = draft.tokens
    else:
        block["max_draft_len"] = draft.tokens
    if draft.method == "ngram":
        block["max_matching_ngram_size"] = MATCHED
    if draft.model:
        block["speculative_model"] = draft.model
    settings.set("speculative-config", block)


def offload(case: Case, values: Mapping[str, Any], settings: Settings) -> None:
    """Host memory for evicted blocks, in bytes for each rank."""
    size = values.get("limits.host_memory") or 0
    if size and values.get("cache.offload", "host") == "host":
        ranks = max(1, planned(case).devices_per_node)
        settings.set("kv-cache-config", {"host_cache_size": int(size) // ranks})


def captured(_case: Case, values: Mapping[str, Any], settings: Settings) -> None:
    """Sizes up to the maximum, or the maximum alone: TensorRT-LLM refuses both."""
    most = values.get("graphs.max_batch")
    sizes = [size for size in values.get("graphs.sizes") or () if not most or size <= most]
    if sizes:
        settings.set("cuda-graph-config", {"batch_sizes": sizes})
    elif most:
        settings.set("cuda-graph-config", {"max_batch_size": most})


def balance(case: Case, values: Mapping[str, Any], settings: Settings) -> None:
    """Slots for the experts and their copies; where they stay put nothing is moved later.

    Source: TensorRT-LLM tensorrt_llm/llmapi/llm_args.py MoeLoadBalancerConfig.
    """
    kernels(case, settings)
    cached(case, settings)
    how, extra = values.get("moe.balance"), int(values.get("moe.redundant") or 0)
    if case.model is None or (how in (None, "off") and not extra):
        return
    updates = UPDATES if how != "static" else 0
    block = {"num_slots": case.model.experts + extra, "layer_updates_per_iter": updates}
    settings.set("moe-config", {"load_balancer": block})


def kernels(case: Case, settings: Settings) -> None:
    """Experts in FP8 blocks on Blackwell: what 1.3.0rc3 takes unasked does not run them there.

    Source: TensorRT-LLM 1.3.0rc3 tensorrt_llm/_torch/model_config.py resolve_moe_backend; main
    (008e0af8) chooses by the weights.
    """
    plan, device = planned(case), case.device
    blocks = plan.weights == "fp8_block128" and case.model is not None and case.model.experts
    blackwell = device is not None and device.capability in (100, 103)
    if not blocks or not blackwell or leaves_open(case.spec):
        return
    block = settings.get("moe-config")
    said = isinstance(block, dict) and "backend" in block
    if case.capabilities.version in CUTLASS_UNASKED and not said:
        settings.set("moe-config", {"backend": "DEEPGEMM"})


def cached(case: Case, settings: Settings) -> None:
    """What a model's layers need said: an algorithm without a dense way, a block of one size.

    Source: TensorRT-LLM docs/source/deployment-guide/deployment-guide-for-minimax-m3-on-trtllm.md
    (0127f3ab), deployment-guide-for-kimi-k3-on-trtllm.md (1ce3636a).
    """
    if case.model is None or leaves_open(case.spec):
        return
    name = case.model.architecture
    known = load_table("trtllm", case.capabilities.version).fields("sparse-attention-config")
    if SPARSE.get(name) in known.get("algorithm", {}).get("choices", ()):
        settings.set("sparse-attention-config", {"algorithm": SPARSE[name]})
    if name in BLOCKS:
        settings.set("kv-cache-config", {"tokens_per_block": BLOCKS[name]})
    if name in PACKED and case.device is not None and case.device.capability in WORKSTATIONS:
        settings.set("kv-cache-config", PACKED[name])


def lora(case: Case, _values: Mapping[str, Any], settings: Settings) -> None:
    """Room for the adapters; a request names the one it wants by its folder.

    Source: TensorRT-LLM docs/source/features/lora.md.
    """
    spec = case.spec
    if not wants_lora(spec):
        return
    active, rank = active_and_rank(spec)
    block: dict[str, Any] = {"max_loras": active, "max_cpu_loras": active}
    if rank:
        block["max_lora_rank"] = rank
    folders = [local_path(adapter) for adapter in spec.adapters]
    if folders:
        block["lora_dir"] = folders
    settings.set("lora-config", block)


def transfer(case: Case, values: Mapping[str, Any], settings: Settings) -> None:
    """How a role hands over its cache; the prefill side cannot overlap its steps.

    Source: TensorRT-LLM docs/source/features/disagg-serving.md.
    """
    if not case.role:
        return
    block: dict[str, Any] = {"backend": transport(case).upper()}
    longest = values.get("limits.context")
    if longest:
        size = int(values.get("cache.block") or BLOCK)
        block["max_tokens_in_buffer"] = -(-(int(longest) + BUFFER) // size) * size
    settings.set("cache-transceiver-config", block)
    if case.role == "prefill":
        settings.set("disable-overlap-scheduler", True)


WRITERS: dict[str, Writer] = {
    "parallel": parallel,
    "memory": memory,
    "speculative": speculative,
    "offload": offload,
    "captured": captured,
    "balance": balance,
    "lora": lora,
    "transfer": transfer,
}
