"""The fields that `writers` writes for TensorRT-LLM, read back from flags and the options file."""

from __future__ import annotations

from servec.targets.shared.speculative import NEEDS_DRAFT
from servec.targets.trtllm.autodeploy import NAME, WORLD
from servec.targets.trtllm.writers import KINDS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from servec.targets.shared.importing.sheet import Reader, Sheet

TRANSPORTS = ("nixl", "mooncake")
DRAFT, OLD_DRAFT = "speculative_model", "speculative_model_dir"
"""Two names of one key (TensorRT-LLM 1.3.0rc3 tensorrt_llm/llmapi/llm_args.py AliasChoices)."""
WIDTHS = ("tensor-parallel-size", "pipeline-parallel-size", "moe-expert-parallel-size")


def _cut_by_itself(sheet: Sheet) -> None:
    """AutoDeploy takes a number of devices, and none of the degrees."""
    sheet.devices = sheet.whole(WORLD, 1)
    if sheet.get(WORLD):
        sheet.field("parallel.tensor", sheet.devices, WORLD)


def parallel(sheet: Sheet) -> None:
    """The degrees: with attention data parallel the tensor width is that of the data ranks."""
    if sheet.get("backend") == NAME:
        _cut_by_itself(sheet)
        return
    width, stages, expert = (sheet.whole(name, 1) for name in WIDTHS)
    sheet.devices = width * stages
    if sheet.odd(*WIDTHS):
        return
    cut = sheet.get("enable-attention-dp") is True and width > 1
    if sheet.get(WIDTHS[0]) is not None:
        sheet.field("parallel.tensor", 1 if cut else width, WIDTHS[0])
    if sheet.get(WIDTHS[1]) is not None:
        sheet.field("parallel.pipeline", stages, WIDTHS[1])
    if sheet.get("enable-attention-dp") is not None:
        sheet.field("parallel.data", width if cut else 1, "enable-attention-dp")
    rest = sheet.get("moe-tensor-parallel-size")
    dense = sheet.model is not None and not sheet.model.experts
    if dense and expert == 1 and sheet.get(WIDTHS[2]) is not None:
        sheet.field("parallel.expert", 1, WIDTHS[2])
        return
    if sheet.get(WIDTHS[2]) is not None and rest in (None, width // expert):
        sheet.field("parallel.expert", expert, WIDTHS[2], "moe-tensor-parallel-size")
    elif width > 1 and (sheet.model is None or sheet.model.experts):
        sheet.field("parallel.expert", 1)


def speculative(sheet: Sheet) -> None:
    """The method, the draft and the tokens; what else the block holds stays beside them."""
    block = sheet.get("speculative-config")
    if not isinstance(block, dict):
        return
    kind = str(block.get("decoding_type", "")).replace("_", "")
    word = next((word for word, name in KINDS.items() if name == kind), "")
    layers = "num_nextn_predict_layers"
    count = layers if word == "mtp" and layers in block else "max_draft_len"
    tokens, name = block.get(count), DRAFT if DRAFT in block else OLD_DRAFT
    draft = block.get(name)
    wants = word in NEEDS_DRAFT
    if not word or not isinstance(tokens, int) or isinstance(draft, str) is not wants:
        return
    taken = {"decoding_type": block["decoding_type"], count: tokens}
    sheet.take("features.speculative", word, {"speculative-config": taken})
    sheet.field("features.draft_tokens", tokens)
    if wants:
        sheet.take("features.draft", draft, {"speculative-config": {name: draft}})


def engine(sheet: Sheet) -> None:
    """PyTorch is what serves unless the `on` block says otherwise."""
    if sheet.get("backend") == "pytorch":
        sheet.use("backend")


def memory(sheet: Sheet) -> None:
    """The cache's share of what is free: a flag, or a key of the file."""
    block = sheet.get("kv-cache-config")
    if isinstance(block, dict) and "free_gpu_memory_fraction" in block:
        share = block["free_gpu_memory_fraction"]
        taken = {"kv-cache-config": {"free_gpu_memory_fraction": share}}
        sheet.take("limits.cache_memory", share, taken)
        sheet.use("free-gpu-memory-fraction")


def cache(sheet: Sheet) -> None:
    """A type that is left to the checkpoint says nothing."""
    block = sheet.rest.get("kv-cache-config")
    if isinstance(block, dict) and block.get("dtype") == "auto" and len(block) > 1:
        block.pop("dtype")
    elif block == {"dtype": "auto"}:
        sheet.use("kv-cache-config")


def transfer(sheet: Sheet) -> None:
    """What carries the cache between servers; the rest of the block stays."""
    block = sheet.get("cache-transceiver-config")
    named = str(block.get("backend")).lower() if isinstance(block, dict) else ""
    if sheet.role and named in TRANSPORTS:
        taken = {"cache-transceiver-config": {"backend": block["backend"]}}
        sheet.take("transfer", named, taken)


def role(options: Mapping[str, Any]) -> str:
    """Which role a line has: servers that hand caches over, of which prefill cannot overlap steps.

    Source: TensorRT-LLM docs/source/features/disagg-serving.md.
    """
    if not isinstance(options.get("cache-transceiver-config"), dict):
        return ""
    return "prefill" if options.get("disable-overlap-scheduler") is True else "decode"


def captured(sheet: Sheet) -> None:
    """Sizes of captured batches, or the largest one."""
    block = sheet.get("cuda-graph-config")
    if not isinstance(block, dict):
        return
    for name, path in (("batch_sizes", "graphs.sizes"), ("max_batch_size", "graphs.max_batch")):
        if block.get(name):
            sheet.take(path, block[name], {"cuda-graph-config": {name: block[name]}})
            return


def task(sheet: Sheet) -> None:
    """A reranker of a generator's class is served as a generator: there is no other way to it.

    Source: NVIDIA/TensorRT-LLM#19510.
    """
    model = sheet.model
    if model is not None and model.task == "rerank" and model.architecture.endswith("ForCausalLM"):
        sheet.field("features.task", "generate")


READERS: dict[str, Reader] = {
    "task": task,
    "engine": engine,
    "parallel": parallel,
    "memory": memory,
    "cache": cache,
    "transfer": transfer,
    "speculative": speculative,
    "captured": captured,
}
