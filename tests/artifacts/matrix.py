"""Small specs that take every runtime through every shape of a launch: one node, several, roles,
copies. What a runtime refuses is named, so that a shape that is lost is seen."""

from __future__ import annotations

DENSE = "model = qwen3-4b\n  hardware = h100 x 1"
SHAPES = {
    "single": DENSE,
    "copies": DENSE + "\n  replicas = 3",
    "key": DENSE + '\n  api { key_env = HOUSE_KEY; port = 9000 }\n  env { NCCL_DEBUG = "WARN" }',
    "nodes": "model = llama-3.3-70b\n  hardware = h100 x 8\n  nodes = 2\n"
    "  parallel { tensor = 8; pipeline = 2 }",
    "experts": "model = deepseek-v3\n  hardware = h200 x 8\n  nodes = 2\n"
    "  parallel { data = 16; expert = 16; tensor = 1 }",
    "wide": "model = llama-3.3-70b\n  hardware = h100 x 8\n  nodes = 2\n  parallel { tensor = 16 }",
    "roles": "model = qwen3-30b-a3b-2507\n  hardware = h100 x 4\n"
    "  role prefill { parallel { tensor = 4 } }\n"
    "  role decode { replicas = 2; parallel { tensor = 4 } }",
    "role-nodes": "model = deepseek-v3\n  hardware = h200 x 8\n"
    "  role prefill { parallel { tensor = 8 } }\n"
    "  role decode { nodes = 2; parallel { data = 16; expert = 16; tensor = 1 } }",
    "build": 'model = qwen3-8b\n  hardware = h100 x 1\n  checkpoint { revision = "abc123" }',
}
RUNTIMES = (
    *("vllm", "sglang", "trtllm", "lmdeploy", "tgi", "triton", "rayserve", "llamacpp"),
    *("rayserve-sglang",),
)
ONE_NODE = ("tgi", "triton", "llamacpp")
REFUSED: dict[str, tuple[str, ...]] = {
    "key": ("trtllm", "triton", "rayserve", "rayserve-sglang"),
    "nodes": (*ONE_NODE, "lmdeploy"),
    "experts": ONE_NODE,
    "wide": ONE_NODE,
    "roles": (*ONE_NODE, "rayserve-sglang"),
    "role-nodes": (*ONE_NODE, "rayserve-sglang", "lmdeploy"),
}
"""Shapes that a runtime has no words for, each of which is refused with the reason."""
EDGE = {
    "gguf": ("llamacpp", "model = qwen3-4b\n  hardware = l4 x 1\n  precision { weights = q4_k_m }"),
    "cpu": ("llamacpp", "model = qwen3-4b\n  hardware = epyc-9554 x 1\n"
            "  precision { weights = q4_k_m }"),
    "mac": ("mlx", "model = qwen3-4b\n  hardware = m4-max-128g x 1"),
    "macs": ("mlx", "model = qwen3-235b-a22b\n  hardware = m3-ultra-512g x 1\n  nodes = 2"),
    "amd": ("vllm", "model = qwen3-8b\n  hardware = mi300x x 1"),
}  # fmt: skip
"""Machines that one runtime alone is for, or whose forms are their own."""


def text(shape: str, runtime: str) -> str:
    """The spec of one shape on one runtime."""
    target, _, engine = runtime.partition("-")
    block = f"\n  on {engine} {{ }}" if engine else ""
    body = f"  target = {target}\n  {SHAPES[shape]}{block}\n"
    return f'servec 1\n\ndeployment "m-{shape}-{runtime}" {{\n{body}}}\n'


def specs() -> dict[str, str]:
    """Every shape on every runtime that has words for it, by file name."""
    edge = {
        f"m-{shape}-{runtime}.srv": f'servec 1\n\ndeployment "m-{shape}-{runtime}" {{\n'
        f"  target = {runtime}\n  {body}\n}}\n"
        for shape, (runtime, body) in EDGE.items()
    }
    return edge | {
        f"m-{shape}-{runtime}.srv": text(shape, runtime)
        for shape in SHAPES
        for runtime in RUNTIMES
        if runtime not in REFUSED.get(shape, ())
    }
