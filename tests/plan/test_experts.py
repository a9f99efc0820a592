"""What people who run these engines would pick: other models, devices, workloads than the matrix.

A row is a model, a hardware, further lines, the picks in order (as many as there is an opinion on),
and what must hold of the first plan: degrees, the word of the weights, or how they get there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.plan.compiling import of, one, reasons

if TYPE_CHECKING:
    from servec.compiler.plan import Plan


def work(kind: str, load: int, inputs: str = "1k", outputs: str = "300", share: int = 0) -> str:
    more = f"; prefix_share = {share}%" if share else ""
    lengths = f"input = {inputs} tokens; output = {outputs} tokens"
    return f"workload {{ kind = {kind}; {lengths}; concurrency = {load}{more} }}"


def chat(load: int) -> str:
    return work("chat", load)


def agent(load: int, tools: str) -> str:
    asked = f"features {{ tools = {tools}; structured_output = true }}"
    return work("agent", load, "8k", "500", 80) + "\n" + asked


def rag(load: int) -> str:
    return work("rag", load, "6k", "250", 60)


def code(load: int) -> str:
    return work("code", load, "3k", "60", 60)


USER = chat(1)
EDGE = work("edge", 1, "300", "120")
BATCH = work("batch", 256, "2k", "400")
EMBED = (
    "workload { kind = embedding; input = 512 tokens; concurrency = 128 }\n"
    "features { task = embed }"
)
RERANK = (
    "workload { kind = rerank; input = 512 tokens; concurrency = 64 }\nfeatures { task = rerank }"
)
SIGHT = (
    "workload { kind = chat; input = 500 tokens; images = 1; output = 200 tokens; concurrency = 16"
    " }\nfeatures { modalities = [text, image] }"
)
ADAPTERS = "; ".join(f'adapter "{name}" {{ path = "s3://{name}"; rank = 16 }}' for name in "ab")
TWO_NODES = "nodes = 2\nfabric = infiniband"

Q4, AWQ, FP8, FP4 = (
    f"precision {{ weights = {word} }}" for word in ("q4_k_m", "awq", "fp8", "nvfp4")
)
MLX4 = "precision { weights = mlx4 }"

ROWS: tuple[tuple[str, str, tuple[str, ...], str, dict[str, Any]], ...] = (
    # small models on many devices run in copies
    ("qwen3-8b", "h100 x 8", (chat(256),), "vllm sglang", {"most_tensor": 2}),
    ("llama-3.1-8b", "h100 x 8", (chat(512),), "vllm sglang", {"most_tensor": 2}),
    ("qwen3-8b", "h200 x 8", (BATCH,), "vllm sglang", {"most_tensor": 2}),
    ("qwen3-embedding-8b", "h100 x 8", (EMBED,), "vllm sglang", {"tensor": 1, "data": 8}),
    ("qwen3-reranker-8b", "h100 x 4", (RERANK,), "vllm sglang", {"tensor": 1, "data": 4}),
    # dense models that need a split
    ("qwen3-32b", "a100-80g x 2", (chat(64),), "vllm", {"tensor": 2}),
    ("llama-3.3-70b", "a100-80g x 4", (chat(64),), "vllm", {"tensor": 4}),
    ("llama-3.3-70b", "gh200 x 1", (chat(32), FP8), "vllm trtllm", {"tensor": 1}),
    ("llama-3.3-70b", "h20 x 8", (chat(64),), "vllm trtllm", {}),
    ("llama-3.1-405b", "h100 x 8", (chat(32), TWO_NODES), "vllm", {"tensor": 8, "pipeline": 2}),
    # mixtures: experts wide, attention by request where the cache is latent
    ("deepseek-v3.1", "b200 x 8", (chat(256),), "sglang trtllm", {"data": 8, "expert": 8}),
    ("deepseek-r1", "h200 x 8", (chat(512),), "sglang vllm", {"expert": 8}),
    ("kimi-k2", "b200 x 8", (agent(64, "kimi_k2"),), "sglang vllm", {"expert": 8}),
    ("kimi-k2.6-nvfp4", "b200 x 8", (chat(128),), "sglang trtllm", {"expert": 8}),
    ("deepseek-v3.1", "h100 x 8", (chat(128), TWO_NODES), "sglang vllm", {"expert": 16}),
    ("deepseek-v3.2", "gb300 x 4", (chat(256), FP4), "sglang trtllm", {"expert": 4}),
    ("qwen3-235b-a22b-fp8", "h100 x 8", (chat(64),), "sglang vllm", {"expert": 8}),
    ("qwen3-coder-480b-a35b", "h200 x 8", (code(32), FP8), "sglang vllm", {"expert": 8}),
    ("llama-4-maverick", "h200 x 8", (chat(64),), "sglang vllm", {"expert": 8}),
    ("glm-4.5-air", "h100 x 4", (chat(64),), "vllm sglang", {}),
    ("gpt-oss-120b", "h100 x 1", (chat(32),), "vllm sglang", {"weights": "mxfp4"}),
    ("qwen3-coder-30b-a3b", "h100 x 1", (code(32),), "vllm sglang", {}),
    # AMD: no TensorRT-LLM
    ("deepseek-v3", "mi300x x 8", (chat(128),), "sglang vllm", {"expert": 8}),
    ("deepseek-r1", "mi355x x 8", (chat(128),), "sglang vllm", {"expert": 8}),
    ("llama-3.3-70b", "mi300x x 4", (chat(64),), "vllm sglang", {"tensor": 4}),
    ("llama-3.3-70b", "mi300x x 8", (agent(64, "llama3_json"),), "sglang vllm", {}),
    ("qwen3-32b", "mi325x x 2", (rag(32),), "sglang vllm", {"tensor": 2}),
    ("gpt-oss-120b", "mi355x x 1", (chat(32),), "vllm sglang", {"weights": "mxfp4"}),
    # other accelerators: vLLM's plug-ins
    ("llama-3.1-8b", "gaudi3 x 1", (chat(64),), "vllm", {}),
    ("llama-3.3-70b", "gaudi3 x 8", (chat(64),), "vllm", {"tensor": 8}),
    ("qwen3-8b", "tpu-v6e x 1", (chat(16),), "vllm", {}),
    ("qwen3-8b", "max-1100 x 1", (chat(16),), "vllm", {}),
    # small cards for servers
    ("qwen3-8b", "l4 x 1", (chat(16),), "vllm sglang", {}),
    ("llama-3.3-70b", "l40s x 8", (chat(32), FP8), "vllm", {"most_tensor": 4}),
    ("qwen3-8b-awq", "a10g x 1", (rag(8),), "sglang vllm", {"weights": "awq"}),
    ("mistral-7b", "a10 x 4", (rag(32),), "sglang vllm", {}),
    # no BF16 before Ampere, no FP8 before Ada, no vLLM before Turing
    ("qwen3-4b", "t4 x 1", (chat(16),), "vllm lmdeploy", {"weights": "fp16", "kv": "fp16"}),
    ("qwen3-8b-awq", "t4 x 1", (chat(8),), "vllm lmdeploy", {"kv": "fp16"}),
    ("gemma-3-4b", "t4 x 1", (chat(8),), "llamacpp", {}),
    ("qwen3-8b", "v100-32g x 1", (chat(16),), "lmdeploy llamacpp", {"weights": "fp16"}),
    ("gemma-2-9b", "v100-32g x 1", (chat(4),), "llamacpp lmdeploy", {}),
    # desks
    ("qwen3-8b", "rtx-4090 x 1", (chat(16),), "vllm sglang", {}),
    ("qwen3-8b", "rtx-4090 x 1", (USER, Q4), "llamacpp", {"load": "convert"}),
    ("qwen3-32b", "rtx-4090 x 2", (chat(8), AWQ), "vllm", {"tensor": 2}),
    ("qwen3-30b-a3b", "rtx-5090 x 1", (USER, Q4), "llamacpp", {}),
    ("gpt-oss-20b", "rtx-5090 x 1", (chat(16),), "vllm sglang", {"weights": "mxfp4"}),
    ("qwen3-32b", "rtx-pro-6000-bw x 2", (chat(16),), "vllm", {"tensor": 2}),
    ("gpt-oss-120b", "gb10 x 1", (USER,), "llamacpp vllm", {"weights": "mxfp4"}),
    ("qwen3-8b", "rx-7900-xtx x 1", (USER,), "llamacpp vllm", {}),
    ("qwen3-30b-a3b", "strix-halo-128g x 1", (USER,), "llamacpp", {}),
    ("qwen3-8b", "b60 x 1", (chat(4),), "llamacpp", {}),
    # boards and processors
    ("qwen3-4b", "agx-orin-64g x 1", (chat(4),), "llamacpp", {}),
    ("qwen3-4b", "orin-nx-16g x 1", (chat(2), Q4), "llamacpp", {}),
    ("qwen3-30b-a3b", "jetson-thor x 1", (chat(4),), "llamacpp vllm", {}),
    ("qwen3-8b", "epyc-9554 x 1", (USER,), "llamacpp vllm", {}),
    ("qwen3-8b", "graviton4 x 1", (chat(4),), "llamacpp vllm", {}),
    ("qwen3-8b", "xeon-amx x 1", (chat(4),), "llamacpp vllm", {}),
    ("qwen3-0.6b", "rpi4-8g x 1", (EDGE,), "llamacpp", {}),
    # Macs: MLX, unless a feature or the file says otherwise
    ("qwen3-8b", "m1-16g x 1", (USER, MLX4, "limits { context = 8Ki tokens }"), "mlx", {}),
    ("qwen3-32b", "m5-max-64g x 1", (USER, MLX4), "mlx", {}),
    ("qwen3-235b-a22b", "m3-ultra-512g x 1", (USER, MLX4), "mlx", {}),
    ("qwen3-8b", "m3-max-64g x 1", (agent(2, "hermes"),), "llamacpp", {}),
    ("qwen3-vl-8b", "m4-max-64g x 1", (SIGHT,), "llamacpp", {}),
    ("qwen3-embedding-0.6b", "m4-pro-24g x 1", (EMBED,), "llamacpp", {}),
    # newer checkpoints
    ("glm-5-nvfp4", "b200 x 8", (chat(64),), "sglang trtllm", {"expert": 8}),
    ("kimi-k2-thinking", "h200 x 8", (chat(64),), "sglang vllm", {"expert": 8}),
    ("deepseek-v4-flash", "b200 x 8", (chat(128),), "sglang trtllm", {"data": 8, "expert": 8}),
    ("qwen3-next-80b-a3b", "h200 x 2", (agent(32, "hermes"),), "sglang vllm", {}),
    ("qwen3-vl-235b-a22b", "h200 x 8", (SIGHT,), "vllm sglang", {"expert": 8}),
    ("gemma-4-31b", "h100 x 2", (SIGHT,), "vllm sglang", {"tensor": 2}),
    ("llama-3.2-11b-vision", "l40s x 1", (SIGHT,), "sglang", {}),
    # kinds of work
    ("llama-3.1-8b", "h100 x 1", (chat(32), f"lora {{ {ADAPTERS} }}"), "vllm sglang", {}),
    ("bge-m3", "l4 x 1", (EMBED,), "vllm sglang", {}),
    ("bge-reranker-v2-m3", "t4 x 1", (RERANK,), "vllm llamacpp", {}),
    ("qwen3-vl-8b", "l40s x 1", (SIGHT,), "vllm sglang", {}),
    ("llama-3.3-70b", "b300 x 4", (BATCH,), "trtllm vllm", {}),
    ("llama-3.3-70b", "h100 x 8", (chat(64), "slo { throughput >= 2k tok/s }"), "trtllm vllm", {}),
)


def named(row: tuple[str, str, tuple[str, ...], str, dict[str, Any]]) -> str:
    return f"{row[0]} on {row[1]}: {row[3]}"


@pytest.mark.parametrize("row", ROWS, ids=named)
def test_the_picks_of_an_expert(row: tuple[str, str, tuple[str, ...], str, dict[str, Any]]) -> None:
    model, hardware, lines, picks, holds = row
    found = one("\n".join((f"model = {model}", f"hardware = {hardware}", *lines)))
    able = [item for item in found.candidates if not item.rejected]
    assert [item.target for item in able][: len(picks.split())] == picks.split()
    plan = able[0].plan
    codes = [reason.code for reason in able[0].reasons if reason.code.startswith("matrix")]
    assert plan is not None and len(codes) == len(set(codes))
    assert {name: _has(plan, name) for name in holds} == holds or _narrow(plan, holds)


def _has(plan: Plan, name: str) -> Any:
    return getattr(plan.degrees, name) if hasattr(plan.degrees, name) else getattr(plan, name, None)


def _narrow(plan: Plan, holds: dict[str, Any]) -> bool:
    """Whether a bound on the split holds: copies rather than a wide split."""
    return set(holds) == {"most_tensor"} and plan.degrees.tensor <= holds["most_tensor"]


def test_no_plan_spreads_requests_but_not_experts() -> None:
    for model, device in (("mixtral-8x7b", "a100-80g x 2"), ("qwen3-30b-a3b", "h100 x 4")):
        lines = f"model = {model}\nhardware = {device}\n{chat(64)}"
        for item in one(lines, ("all",)).candidates:
            if item.plan is not None:
                assert item.plan.degrees.data == 1 or item.plan.degrees.expert > 1


def test_one_copy_of_a_small_model_over_all_devices_counts_against_its_runtime() -> None:
    found = one(f"model = qwen3-8b\nhardware = h200 x 8\n{BATCH}")
    assert "operations.one-copy" in reasons(of(found, "trtllm"), good=False)
    calm = one(f"model = qwen3-8b\nhardware = h200 x 8\n{chat(16)}")
    assert "operations.one-copy" not in reasons(of(calm, "trtllm"))
    single = one(f"model = qwen3-8b\nhardware = h200 x 1\n{BATCH}")
    assert single.chosen is not None and single.chosen.target == "trtllm"


def test_a_quantised_checkpoint_is_computed_in_what_the_device_has() -> None:
    item = of(one(f"model = qwen3-8b-awq\nhardware = t4 x 1\n{chat(8)}", ("vllm",)), "vllm")
    words = item.launch().processes[0].argv
    assert words[words.index("--dtype") + 1] in ("half", "float16")
