"""What the sweep is made of: models, layouts, one plan, and a word for each field."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from servec.compiler.plan import Degrees
from servec.dsl.record import replace
from tests.targets.make import (
    LLAMA_70B,
    QWEN_MOE,
    block,
    catalogue,
    plan,
)

if TYPE_CHECKING:
    from servec.compiler.model import Model
    from servec.compiler.plan import Plan

    Layout = tuple[Model, Degrees, int]


LLAMA_8B = catalogue("meta-llama/Llama-3.1-8B-Instruct")


EAGLE3 = replace(LLAMA_8B, id="yuhuili/EAGLE3-LLaMA3.1-Instruct-8B", name="eagle3-llama-3.1-8b")


EMBEDDER = replace(catalogue("Qwen/Qwen3-Embedding-8B"), id="Qwen/Qwen3-Embedding-0.6B")


DEEPSEEK = catalogue("deepseek-ai/DeepSeek-V3")


QWEN_30B = catalogue("Qwen/Qwen3-30B-A3B")


QWEN_8B = catalogue("Qwen/Qwen3-8B")


ONE = plan(
    degrees=Degrees(tensor=2),
    devices_per_node=2,
    weights="bf16",
    weights_word="bf16",
    kv="bf16",
    checkpoint=QWEN_8B.id,
    max_model_len=16384,
)


EDGE = ("llamacpp", "mlx")
"""Runtimes of one device, or of layers spread over a few."""


SAMPLES: dict[str, Any] = {
    "features.tools": "hermes",
    "features.reasoning": "qwen3",
    "checkpoint.revision": "main",
    "checkpoint.tokenizer": "Qwen/Qwen3-8B",
    "schedule.conservativeness": Fraction(1, 2),
    "cache.block": 64,
    "graphs.sizes": (1, 2, 4, 8),
    "graphs.max_batch": 64,
    "moe.redundant": 16,
    "observe.traces": "http://collector:4317",
    "api.host": "127.0.0.1",
    "api.port": 9000,
    "api.name": "house-model",
    "api.key_env": "HOUSE_KEY",
    "api.template": "templates/house.jinja",
    "api.prefix": "/llm",
    "api.stream_interval": 4,
    "api.sampling.temperature": Fraction(7, 10),
    "api.sampling.top_p": Fraction(4, 5),
    "api.sampling.top_k": 20,
    "api.sampling.min_p": 0,
    "api.sampling.repetition_penalty": Fraction(21, 20),
}


TRTLLM_LAYOUTS = (
    (QWEN_MOE, Degrees(tensor=8, expert=8), 1),
    (QWEN_MOE, Degrees(tensor=8, expert=2), 1),
    (QWEN_MOE, Degrees(tensor=4, pipeline=2), 1),
    (DEEPSEEK, Degrees(data=8, expert=8), 1),
    (DEEPSEEK, Degrees(data=8), 1),
    (DEEPSEEK, Degrees(data=16, expert=16), 2),
    (DEEPSEEK, Degrees(tensor=8, pipeline=2, expert=8), 2),
    (LLAMA_70B, Degrees(tensor=8), 1),
    (LLAMA_70B, Degrees(tensor=8, pipeline=2), 2),
)
"""With attention data parallel the tensor degree is 1."""


LMDEPLOY_LAYOUTS = (
    (QWEN_MOE, Degrees(tensor=8, expert=8), 1),
    (QWEN_MOE, Degrees(tensor=8, expert=2), 1),
    (QWEN_MOE, Degrees(tensor=4, data=2, expert=8), 1),
    (QWEN_MOE, Degrees(data=8, expert=8), 1),
    (QWEN_MOE, Degrees(tensor=4, context=2), 1),
    (QWEN_MOE, Degrees(tensor=8, data=2, expert=16), 2),
    (DEEPSEEK, Degrees(tensor=8), 1),
    (DEEPSEEK, Degrees(tensor=8, expert=8), 1),
    (DEEPSEEK, Degrees(data=8, expert=8), 1),
    (DEEPSEEK, Degrees(tensor=2, data=4), 1),
    (DEEPSEEK, Degrees(tensor=2, data=8, expert=16), 2),
    (LLAMA_70B, Degrees(tensor=8), 1),
    (LLAMA_70B, Degrees(tensor=4, data=2), 1),
    (LLAMA_70B, Degrees(tensor=8, context=2), 2),
)
"""Without stages; the larger models run on one of its engines or the other."""


TGI_LAYOUTS = ((LLAMA_70B, Degrees(tensor=8), 1), (LLAMA_70B, Degrees(tensor=2), 1))


MOE_ONLY = ("comm.all2all", "moe.balance", "moe.redundant", "kernels.moe")


def one(runtime: str) -> Plan:
    """A plan over two devices, split as the runtime usually does."""
    if runtime == "llamacpp":
        return replace(ONE, degrees=Degrees(pipeline=2), load="convert", kv="f16")
    return replace(ONE, degrees=Degrees(pipeline=2)) if runtime == "mlx" else ONE


NATIVE = {
    "llamacpp": block("llamacpp", {"threads": 8, "no-context-shift": True, "temp": 0}),
    "mlx": block("mlx", {"max-tokens": 4096, "temp": 0}),
    "vllm": block(
        "vllm",
        {
            "enable_prefix_caching": False,
            "compilation-config": {"cudagraph_mode": "PIECEWISE"},
            "long-prefill-token-threshold": 4096,
            "cudagraph-capture-sizes": (1, 2, 4),
        },
        env={"VLLM_LOGGING_LEVEL": "WARNING"},
    ),
    "tgi": block("tgi", {"max-best-of": 1, "usage-stats": "off", "json-output": True}),
    "lmdeploy": block("lmdeploy", {"vision-max-batch-size": 4, "max-log-len": 80}),
    "trtllm": block(
        "trtllm",
        {
            "num_postprocess_workers": 4,
            "scheduler_config": {"capacity_scheduler_policy": "MAX_UTILIZATION"},
            "kv_cache_config": {"enable_partial_reuse": False},
        },
    ),
    "sglang": block("sglang", {"disable_radix_cache": True, "stream-interval": 2}),
}
