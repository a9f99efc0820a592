"""A spec for each field that says it: the smallest one in which a runtime can act on the field.

Values come from the schema: words, bounds, units. What else a field needs (a draft, a mixture of
experts, a model that sees) stands in `NEEDS`, for all runtimes alike.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from servec.dsl.schema.language import fields
from servec.targets.shared.portable import load_portable
from servec.targets.shared.table import versions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from servec.dsl.schema.field import Field

    Lines = dict[str, str]

BASE: dict[str, Lines] = {
    "": {"model": "= qwen3-8b", "hardware": "= h100 x 2", "limits.context": "= 8Ki tokens"},
    "llamacpp": {
        "model": "= qwen3-8b",
        "hardware": "= rtx-4090 x 2",
        "precision.weights": "= q8_0",
    },
    "tgi": {"model": "= llama-3.1-8b", "hardware": "= h100 x 2"},
    "mlx": {"model": "= qwen3-8b", "hardware": "= m4-max-128g x 2", "precision.weights": "= mlx8"},
}
"""What every spec of a runtime says; "" of those without a row."""
MOE: Lines = {"model": "= qwen3-30b-a3b"}
SEES: Lines = {"model": "= qwen3-vl-8b", "features.modalities": "= [text, image]"}
LOADED: Lines = {
    "workload.concurrency": "= 16",
    "workload.input": "= 2000 tokens",
    "workload.output": "= 300 tokens",
}
EMBEDS: Lines = {"model": "= qwen3-embedding-8b", "features.task": "= embed"}
PROFILE = 'profile "house" {\n  limits.batch = 7\n}'
ROLES = "role prefill { replicas = 1 }\nrole decode { replicas = 1 }"
NEEDS: dict[str, Lines] = {
    "parallel.context": {"model": "= deepseek-v2-lite"},
    "parallel.expert": MOE,
    "kernels.moe": MOE,
    "comm.all2all": MOE | {"parallel.expert": "= 2"},
    "schedule.microbatch": MOE
    | {"parallel.data": "= 2", "parallel.expert": "= 2", "comm.all2all": "= deepep_low_latency"},
    "moe.": MOE | {"parallel.expert": "= 2"},
    "moe.redundant": MOE | {"parallel.expert": "= 2", "moe.balance": "= dynamic"},
    "offload.expert": MOE,
    "features.draft": {"features.speculative": "= draft", "features.draft": "= qwen3-0.6b"},
    "features.draft_tokens": {"features.speculative": "= draft", "features.draft": "= qwen3-0.6b"},
    "features.pooling": EMBEDS,
    "features.normalize": EMBEDS,
    "features.modalities": {"model": "= qwen3-vl-8b"},
    "features.tools_plugin": {"features.tools": "= hermes"},
    "features.reasoning_plugin": {"features.reasoning": "= qwen3"},
    "media.": SEES,
    "kernels.attention_media": SEES,
    "checkpoint.projector": SEES,
    "workload.": LOADED,
    "workload.rate": {key: text for key, text in LOADED.items() if "concurrency" not in key},
    "workload.images": SEES | LOADED,
    "workload.image_side": SEES | LOADED | {"workload.images": "= 2"},
    "slo.": LOADED,
    "lifecycle.": {"target": "= auto"},
    "lifecycle.stable_for": LOADED | {"target": "= auto", "workload.kind": "= batch"},
    "measured.": LOADED | {"target": "= auto"},
    "measured.mlx": LOADED | BASE["mlx"] | {"target": "= auto"},
    "cache.offload": {"limits.host_memory": "= 32 GiB"},
    "cache.state": {"model": "= qwen3-next-80b-a3b", "hardware": "= h100 x 8"},
    "kernels.state": {"model": "= qwen3-next-80b-a3b", "hardware": "= h100 x 8"},
    "cache.hybrid": {"model": "= gpt-oss-20b"},
    "lora.dynamic": {},
    "lora.": {"": 'lora { adapter "one" { path = "adapters/one"; rank = 16 } }'},
    "transfer": {"": ROLES},
    "candidates": {"target": "= auto"},
    "portability": {"target": "= auto"},
    "fabric": {
        "nodes": "= 2",
        "hardware": "= h100 x 8",
        "model": "= llama-3.1-405b",
        "parallel.tensor": "= 16",
    },
    "nodes": {"model": "= llama-3.1-405b", "hardware": "= h200 x 8"},
    "size": {"model": "= auto", "size": "= tiny"},
}
"""What a field needs beside it, by path or by the block it is in; the longest match is meant."""
SAID: dict[str, tuple[str, ...]] = {
    "extends": ("= [house]",),
    "target": ("= vllm", "= sglang"),
    "model": ("= qwen3-14b",),
    "hardware": ("= h200 x 2", "= rtx-4090 x 1", "= m4-max-128g x 1"),
    "nodes": ("= 2",),
    "replicas": ("= 2",),
    "checkpoint.repo": ('= "house/qwen3-8b"',),
    "checkpoint.config_format": ("= hf", "= mistral"),
    "checkpoint.tokenizer_mode": ("= slow", "= mistral"),
    "checkpoint.file": ('= "Qwen3-8B-Q8_0.gguf"',),
    "limits.memory": ("= 70%", "= 16 GiB"),
    "limits.power": ("<= 100 W", "<= 90 kW"),
    "limits.cost": ("<= 0.01 USD/h", "<= 900 USD/h"),
    "workload.rate": ("= 3 req/s",),
    "kernels.attention_media": ("= triton_attn",),
    "features.draft": ("= qwen3-1.7b",),
    "features.tools": ("= hermes",),
    "features.reasoning": ("= qwen3",),
    "features.modalities": ("= [text]", "= [text, image]"),
    "graphs.sizes": ("= [1, 2, 4]",),
    "observe.traces": ('= "http://collector:4317"',),
    "api.host": ('= "127.0.0.1"',),
    "api.key_env": ("= HOUSE_KEY",),
    "api.prefix": ('= "/house"',),
    "measured": ("= 900 tok/s",),
}
"""Values that no schema tells."""
UNITS = {
    "tokens": ("= 2048 tokens", "= 64 tokens"),
    "share": ("= 40%",),
    "bytes": ("= 8 GiB",),
    "pixels": ("= 512 px",),
    "time": ("<= 1 ms", "= 2 h", "= 9000 h"),
    "token rate": (">= 100 tok/s",),
    "request rate": (">= 3 req/s",),
    "decimal": ("= 0.7", "= 1.1", "= 20"),
    "boolean": ("= true", "= false"),
    "string": ('= "house"',),
    "whole": ("= 2", "= 7", "= 1"),
}


def paths() -> tuple[Field, ...]:
    """Every field of a deployment."""
    return tuple(fields("deployment"))


def base_of(path: str, runtime: str, version: str, bare: bool = False) -> str:
    """The spec without the field; `bare` without what it needs beside it."""
    return text_of(lines_of(path, runtime, bare), runtime, version)


def samples(field: Field, runtime: str, version: str, bare: bool = False) -> Iterator[str]:
    """Specs with the field, each with another value."""
    lines = lines_of(field.path, runtime, bare)
    for value in values_of(field, runtime, version):
        if lines.get(field.path) != value:
            yield text_of(lines | {field.path: value}, runtime, version)


def lines_of(path: str, runtime: str, bare: bool = False) -> Lines:
    """What a spec says beside the field, by path; `bare` without what the field needs."""
    near = () if bare else [key for key in NEEDS if path == key or path.startswith(key)]
    lines = {"target": f"= {runtime}"} | BASE.get(runtime, BASE[""])
    return lines | NEEDS.get(max(near, key=len, default=""), {})


def _words(path: str, runtime: str, version: str) -> Iterator[str]:
    """The words of a runtime, or of the engine that it runs."""
    found = load_portable(runtime, version).words(path)
    yield from found or load_portable("vllm", versions("vllm")[-1]).words(path)


def values_of(field: Field, runtime: str, version: str) -> Iterator[str]:
    """Values of the field, as they are written behind it."""
    if field.path in SAID:
        yield from SAID[field.path]
        return
    if field.path.startswith("measured."):
        yield from SAID["measured"]
        return
    words = [*_words(field.path, runtime, version), *field.choices]
    named = [word for word in dict.fromkeys(words) if word not in ("auto", "true", "false")]
    if named and field.kinds[0] == "word":
        for word in named[:6]:
            yield f"= [{word}]" if field.many == "must" else f"= {word}"
        if not field.choices:
            yield "= house"
        return
    if field.kinds[0] == "word":
        yield "= house"
    for kind in field.kinds:
        yield from UNITS.get(kind, ())


def text_of(lines: Lines, runtime: str, version: str) -> str:
    """A spec of these lines."""
    body = []
    for path, text in lines.items():
        body.append(f"  {path} {text}" if path else f"  {text}")
    body.append(f'  on {runtime} {{ version = "{version}" }}')
    return f'servec 1\n\n{PROFILE}\n\ndeployment "a" {{\n' + "\n".join(body) + "\n}\n"
