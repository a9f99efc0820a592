"""What a command says of a plan, read by the runtimes' own rules; nothing of servec's tables."""

from __future__ import annotations

import json
from math import gcd
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from servec.compiler.target import Case, Launch, Process

NARROW = {
    "auto": "16",
    "bfloat16": "16",
    "float16": "16",
    "bf16": "16",
    "f16": "16",
    "fp8": "fp8",
    "fp8_e4m3": "fp8",
    "fp8_e4m3fn": "fp8",
    "fp8_e5m2": "fp8_e5m2",
    "q8_0": "q8_0",
    "q4_0": "q4_0",
    "nvfp4": "nvfp4",
    "fp4_e2m1": "nvfp4",
}
"""Cache types as the runtimes spell them, and what of them a plan says."""


def kind(word: str) -> str:
    """A plan's cache type as `NARROW` tells it: 16 bits are one."""
    return "16" if word in ("bf16", "fp16", "f16") else word


def options(words: Sequence[str]) -> dict[str, Any]:
    """Long options by name with dashes; the value of a switch is True."""
    found: dict[str, Any] = {}
    for at, word in enumerate(words):
        if not word.startswith("--"):
            continue
        name, _, value = word[2:].partition("=")
        following = words[at + 1] if at + 1 < len(words) else "--"
        bare = following.startswith("--") and not value
        found[name.replace("_", "-")] = value or (True if bare else following)
    return found


def files(launch: Launch, role: str) -> dict[str, Any]:
    """The engine's arguments in the files of a launch, by name with dashes, all levels as one.

    A file for both roles has a part for each.
    """
    found: dict[str, Any] = {}
    other = {"prefill": "decode_config", "decode": "prefill_config"}.get(role, "")
    for config in launch.configs:
        if not config.path.endswith((".json", ".yaml", ".yml")):
            continue
        read = json.loads if config.path.endswith(".json") else yaml.safe_load
        for name, value in _items(read(config.text), other):
            found.setdefault(name, value)  # what stands first is the engine's own
    return found


def _items(node: Any, other: str) -> Iterator[tuple[str, Any]]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key == other:
                continue
            yield str(key).replace("_", "-"), value
            yield from _items(value, other)
    elif isinstance(node, list):
        for value in node:
            yield from _items(value, other)


def said(case: Case, launch: Launch, process: Process) -> dict[str, Any]:
    """Degrees, sizes, cache type and memory share that a process is started with.

    A key is missing where the runtime has no option for it.
    """
    readers = {
        "vllm": _vllm,
        "sglang": _sglang,
        "trtllm": _trtllm,
        "llamacpp": _llamacpp,
        "mlx": _mlx,
        "lmdeploy": _lmdeploy,
        "tgi": _tgi,
    }
    given = options(process.argv)
    if case.target.name in ("triton", "rayserve", "trtllm"):
        given = {**files(launch, case.role), **given}
        for step in launch.steps:  # an engine holds its cache type
            given = {**options(step.argv), **given}
    engine = next(iter(case.capabilities.beneath), case.target.name)
    found = readers[engine](case, given)
    if case.target.name == "rayserve" and case.plan is not None and "num-replicas" in given:
        # of a dense model, each rank is a server
        found["data"] *= int(given["num-replicas"]) // case.plan.replicas
    if "embeddings" in process.argv:
        del found["kv"]  # TensorRT-LLM's encoders have no cache
    return found


def _number(given: dict[str, Any], *names: str, default: int = 1) -> int:
    return next((int(given[name]) for name in names if name in given), default)


def _vllm(case: Case, given: dict[str, Any]) -> dict[str, Any]:
    tensor = _number(given, "tensor-parallel-size")
    data = _number(given, "data-parallel-size")
    spread = given.get("enable-expert-parallel", False)
    return {
        "tensor": tensor,
        "pipeline": _number(given, "pipeline-parallel-size"),
        "data": data,
        "expert": tensor * data if spread else 1,
        "max_model_len": given.get("max-model-len"),
        "max_seqs": given.get("max-num-seqs"),
        "max_batched_tokens": given.get("max-num-batched-tokens"),
        "kv": NARROW[given.get("kv-cache-dtype", "auto")],
        "fraction": given.get("gpu-memory-utilization"),
    }


def _sglang(case: Case, given: dict[str, Any]) -> dict[str, Any]:
    world = _number(given, "tp-size")
    attention = "attn-dp-size" in given or "enable-dp-attention" in given
    data = _number(given, "attn-dp-size", "dp-size")
    return {
        "tensor": world // data if attention else world,
        "pipeline": _number(given, "pp-size"),
        "data": data,
        "expert": _number(given, "ep-size"),
        "max_model_len": given.get("context-length"),
        "max_seqs": given.get("max-running-requests"),
        "max_batched_tokens": given.get("chunked-prefill-size"),
        "kv": NARROW[given.get("kv-cache-dtype", "auto")],
        "static": given.get("mem-fraction-static"),
    }


def _trtllm(case: Case, given: dict[str, Any]) -> dict[str, Any]:
    world = _number(given, "tensor-parallel-size")
    apart = bool(given.get("enable-attention-dp"))
    return {
        "tensor": 1 if apart else world,
        "pipeline": _number(given, "pipeline-parallel-size"),
        "data": world if apart else 1,
        "expert": _number(given, "moe-expert-parallel-size"),
        "max_model_len": given.get("max-seq-len"),
        "max_seqs": given.get("max-batch-size"),
        "max_batched_tokens": given.get("max-num-tokens"),
        "kv": NARROW[given.get("kv-cache-dtype", given.get("dtype", "auto"))],
        "free": given.get("free-gpu-memory-fraction"),
    }


def _llamacpp(case: Case, given: dict[str, Any]) -> dict[str, Any]:
    slots = _number(given, "parallel")
    split = given.get("split-mode", "none")
    plan = case.plan
    assert plan is not None
    degrees = {
        "pipeline": plan.gpus if split == "layer" else 1,
        "tensor": plan.gpus if split in ("row", "tensor") else 1,
    }
    return {
        **(degrees if int(given["gpu-layers"]) else {}),  # sockets are not told apart
        "max_model_len": int(given["ctx-size"]) // slots if "ctx-size" in given else None,
        "max_seqs": slots,
        "max_batched_tokens": given.get("batch-size"),
        "kv": NARROW[given.get("cache-type-k", "f16")],
    }


def _mlx(case: Case, given: dict[str, Any]) -> dict[str, Any]:
    return {
        "max_seqs": given.get("decode-concurrency"),
        "max_batched_tokens": given.get("prefill-step-size"),
    }


def _attention(devices: int, tp: int, dp: int, ep: int, cp: int) -> int:
    """Ranks that split the attention of a TurboMind engine: lmdeploy 0.18.0 parallel_config.py.

    The largest number of devices for which the attention's split and the experts' both divide `tp`,
    and one of them is `tp`.
    """
    total = dp * tp * gcd(cp, ep)
    for dev in range(min(total, devices), 0, -1):
        split, left = divmod(dev, dp * cp)
        if total % dev or left or tp % split:
            continue
        for outer in (n for n in range(1, dp + 1) if dp % n == 0):
            inner, rest = divmod(dev, outer * ep)
            if not rest and tp % inner == 0 and tp in (split, inner):
                return split
    raise AssertionError("the engine would refuse this layout")


def _lmdeploy(case: Case, given: dict[str, Any]) -> dict[str, Any]:
    policy = str(given.get("quant-policy", "0"))
    tp, dp, ep, cp = (_number(given, name) for name in ("tp", "dp", "ep", "cp"))
    devices = case.nodes * case.devices_per_node
    turbo = given.get("backend") == "turbomind"
    ranks = max(tp, ep)  # the PyTorch engine's whole width; each data rank is a server
    seqs = given.get("max-batch-size")
    return {
        "tensor": _attention(devices, tp, dp, ep, cp) if turbo else ranks // dp,
        "data": dp,
        "expert": _number(given, "ep"),
        "max_model_len": given.get("session-len"),
        "max_seqs": int(seqs) * dp if seqs and not turbo else seqs,
        "max_batched_tokens": given.get("max-prefill-token-num"),
        "kv": {"0": "16", "8": "int8", "4": "int4"}.get(policy, policy),
        "free": given.get("cache-max-entry-count"),
    }


def _tgi(case: Case, given: dict[str, Any]) -> dict[str, Any]:
    return {
        "tensor": _number(given, "num-shard"),
        "max_model_len": given.get("max-total-tokens"),
        "max_seqs": given.get("max-batch-size"),
        "max_batched_tokens": given.get("max-batch-prefill-tokens"),
        "kv": NARROW[given.get("kv-cache-dtype", "auto")],
    }
