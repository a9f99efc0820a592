"""A seeded generator of specs over models, precisions, layouts, features and tuning fields.

What a runtime cannot do is left in: such a spec has to be refused, and the replay shows whether
everything that is not refused starts.
"""

from __future__ import annotations

import random
from functools import cache
from typing import TYPE_CHECKING

from servec.compiler.catalogue.models import find_model, index, variant
from servec.targets.shared.portable import load_portable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from servec.compiler.model import Model

DEVICES = ("h100", "h200", "b200", "a100-80g", "l40s", "rtx-4090", "l4", "h20", "a10g", "t4")
LARGE = ("h100", "h200", "h200", "b200", "b200", "a100-80g")
CONTEXTS = ("4Ki tokens", "8192 tokens", "32Ki tokens", "128Ki tokens")
PRECISIONS = ("bf16", "fp16", "fp8", "int8", "awq", "gptq", "nvfp4", "mxfp4")
CACHES = ("bf16", "fp16", "fp8", "fp8", "fp8_e5m2", "nvfp4")
EDGE: dict[str, dict[str, tuple[str, ...]]] = {
    "llamacpp": {
        "devices": ("rtx-4090", "h100", "orin-nano-8g", "m4-max-128g", "epyc-9554", "gh200"),
        "precisions": ("q4_k_m", "q5_k_m", "q6_k", "q8_0", "q4_0", "iq4_xs", "bf16", "fp16"),
        "caches": ("f16", "fp16", "bf16", "q8_0", "q4_0"),
    },
    "mlx": {
        "devices": ("m4-max-128g", "m3-ultra-512g", "m3-ultra-256g"),
        "precisions": ("mlx4", "mlx8", "bf16", "fp16"),
        "caches": ("f16", "bf16", "q8_0", "q4_0"),
    },
}
"""What takes the place of the lists above for runtimes of one user's machines."""
TUNING = (
    "schedule.policy",
    "schedule.overlap",
    "cache.layout",
    "cache.state",
    "cache.offload",
    "graphs.capture",
    "graphs.compile",
    "kernels.attention",
    "kernels.moe",
    "kernels.gemm",
    "kernels.sampling",
    "comm.all2all",
    "comm.allreduce",
    "moe.balance",
    "observe.log",
)


@cache
def model_names() -> tuple[str, ...]:
    """Short names of catalogue models that generate text, sorted."""
    names = [name for name in index() if "/" not in name]
    found = {name: find_model(name) for name in sorted(names)}
    return tuple(name for name, model in found.items() if model and model.task == "generate")


@cache
def stored(name: str) -> tuple[str, ...]:
    """The precisions in which a repository of the catalogue holds a model."""
    model = find_model(name)
    return tuple(word for word in PRECISIONS if model and variant(model, word)) or PRECISIONS[:1]


def specs(runtime: str, version: str, seed: int, count: int) -> Iterator[tuple[str, str]]:
    """`count` specs for one runtime and version by name; the same seed gives the same text."""
    for number in range(count):
        chance = random.Random(f"{runtime} {version} {seed} {number}")
        name = f"g{number:04}"
        yield f"{name}.srv", _spec(runtime, version, name, chance)


def _spec(runtime: str, version: str, name: str, chance: random.Random) -> str:
    model = chance.choice(model_names())
    edge = EDGE.get(runtime, {})
    device, count = _hardware(chance, edge, find_model(model))
    nodes = chance.choice((2, 4)) if chance.random() < 0.08 else 1
    lines = [
        f"model = {model}",
        f"target = {runtime}",
        f"hardware = {device} x {count}",
        *((f"nodes = {nodes}",) if nodes > 1 else ()),
    ]
    words = edge.get("precisions", PRECISIONS)
    if not edge and chance.random() < 0.85:
        words = stored(model)
    lines += _precision(chance, words, edge.get("caches", CACHES), 0.9 if edge else 0.5)
    if not edge or chance.random() < 0.5:
        lines += _parallel(chance, count * nodes, find_model(model))
    for part in (_limits, _features, _api):
        if not edge or chance.random() < 0.5:
            lines += part(chance)
    lines += _tuning(runtime, version, chance)
    lines.append(f'on {runtime} {{ version = "{version}" }}')
    if runtime == "rayserve" and chance.random() < 0.5:
        lines.append("on sglang { }")
    body = "\n".join(f"  {line}" for line in lines)
    return f'servec 1\n\ndeployment "{name}" {{\n{body}\n}}\n'


def _block(name: str, fields: dict[str, str]) -> list[str]:
    text = "; ".join(f"{key} = {value}" for key, value in fields.items())
    return [f"{name} {{ {text} }}"] if fields else []


def _precision(
    chance: random.Random, weights: tuple[str, ...], caches: tuple[str, ...], often: float
) -> list[str]:
    fields = {}
    if chance.random() < often:
        fields["weights"] = chance.choice(weights)
    if chance.random() < 0.4:
        fields["kv"] = chance.choice(caches)
    if chance.random() < 0.1:
        fields["compute"] = chance.choice(("bf16", "fp16"))
    return _block("precision", fields)


def _hardware(
    chance: random.Random, edge: dict[str, tuple[str, ...]], model: Model | None
) -> tuple[str, int]:
    """A device and how many; mostly such as a model of that size may fit on."""
    if edge:
        few = chance.random() < 0.7
        return chance.choice(edge["devices"]), 1 if few else chance.choice((1, 2, 4, 8))
    size = model.total if model else 0
    if size > 60 * 10**9 and chance.random() < 0.85:
        return chance.choice(LARGE), 8
    return chance.choice(DEVICES), chance.choice((1, 1, 2, 4, 8, 8, 8))


def _parallel(chance: random.Random, devices: int, model: Model | None) -> list[str]:
    """Degrees drawn one by one, which seldom fit, or mostly such as share out the devices."""
    fields = {}
    if chance.random() < 0.15:
        for field, share in (("tensor", 0.4), ("pipeline", 0.15), ("data", 0.2), ("expert", 0.2)):
            if chance.random() < share:
                fields[field] = str(chance.choice((1, 2, 4, 8)))
    elif chance.random() < 0.7:
        left = devices
        for field in chance.sample(("tensor", "tensor", "pipeline", "data"), 2):
            part = chance.choice([n for n in (1, 2, 4, 8, 16, 32) if left % n == 0])
            left //= part if field not in fields else 1
            fields.setdefault(field, str(part))
        if model and model.experts and chance.random() < 0.6:
            fields["expert"] = str(int(fields.get("tensor", 1)) * int(fields.get("data", 1)))
    return _block("parallel", fields)


def _limits(chance: random.Random) -> list[str]:
    fields = {}
    if chance.random() < 0.5:
        fields["context"] = chance.choice(CONTEXTS)
    if chance.random() < 0.4:
        fields["batch"] = str(chance.choice((1, 8, 33, 64, 256)))
    if chance.random() < 0.3:
        fields["batched_tokens"] = chance.choice(("1000 tokens", "2048 tokens", "8Ki tokens"))
    if chance.random() < 0.2:
        fields["memory"] = chance.choice(("70%", "85%", "95%"))
    if chance.random() < 0.1:
        fields["host_memory"] = "32 GiB"
    return _block("limits", fields)


def _features(chance: random.Random) -> list[str]:
    fields = {}
    if chance.random() < 0.3:
        fields["tools"] = chance.choice(("hermes", "llama3_json", "deepseek_v31", "qwen3_coder"))
    if chance.random() < 0.15:
        fields["reasoning"] = chance.choice(("qwen3", "deepseek_r1", "glm45", "mistral"))
    if chance.random() < 0.2:
        fields["speculative"] = chance.choice(("ngram", "mtp"))
        if chance.random() < 0.5:
            fields["draft_tokens"] = str(chance.choice((1, 3, 5)))
    for field in ("structured_output", "prefix_cache", "chunked_prefill"):
        if chance.random() < 0.2:
            fields[field] = chance.choice(("true", "false"))
    if chance.random() < 0.15:
        fields["modalities"] = chance.choice(("[text]", "[text, image]"))
    return _block("features", fields)


def _api(chance: random.Random) -> list[str]:
    fields = {}
    if chance.random() < 0.3:
        fields["port"] = str(chance.choice((8080, 9001)))
    if chance.random() < 0.2:
        fields["name"] = '"house model"'
    if chance.random() < 0.1:
        fields["stream_interval"] = "4"
    lines = _block("api", fields)
    if chance.random() < 0.1:
        lines.append("api.sampling { temperature = 0.7; top_p = 0.8; top_k = 20 }")
    if chance.random() < 0.1:
        lines.append('lora { adapter "one" { path = "adapters/one"; rank = 16 } }')
    return lines


def _tuning(runtime: str, version: str, chance: random.Random) -> list[str]:
    """A few tuning fields, each with a word the target knows."""
    portable = load_portable(runtime, version)
    lines = []
    for path in TUNING:
        words = sorted(portable.words(path))
        if words and chance.random() < 0.06:
            lines.append(f"{path} = {chance.choice(words)}")
    if chance.random() < 0.05:
        lines.append(f"cache.block = {chance.choice((16, 32, 64))} tokens")
    if chance.random() < 0.05:
        lines.append(f"graphs.max_batch = {chance.choice((16, 128))}")
    return lines
