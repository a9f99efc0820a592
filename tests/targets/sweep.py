"""Cases that say every portable field once with every word it takes, and many fields at once."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from servec.compiler.plan import Degrees
from servec.compiler.target import able
from servec.dsl.record import replace
from servec.targets.shared.capabilities import claimed
from servec.targets.shared.portable import load_portable
from servec.targets.shared.table import load_table
from tests.targets.make import (
    LLAMA_70B,
    QWEN_MOE,
    TARGET,
    adapter,
    block,
    bound,
    case,
    catalogue,
    device,
    plan,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from servec.compiler.model import Model
    from servec.compiler.plan import Plan
    from servec.compiler.target import Case

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
    (LLAMA_70B, Degrees(tensor=8), 1),
    (LLAMA_70B, Degrees(tensor=4, data=2), 1),
    (LLAMA_70B, Degrees(tensor=8, context=2), 2),
)
"""Without stages; the larger models run on one of its engines or the other."""
TGI_LAYOUTS = ((LLAMA_70B, Degrees(tensor=8), 1), (LLAMA_70B, Degrees(tensor=2), 1))
MOE_ONLY = ("comm.all2all", "moe.balance", "moe.redundant", "kernels.moe")


def sweep(runtime: str, version: str) -> Iterator[tuple[str, Case]]:
    """Every named case for one version of a runtime; the names are unique."""
    if runtime == "rayserve":
        yield from _around(version)
        return
    yield from _fields(runtime, version)
    yield from _degrees(runtime, version)
    yield from _features(runtime, version)
    yield from _mixed(runtime, version)


def _around(version: str) -> Iterator[tuple[str, Case]]:
    """What the engine beneath is given, as far as it can be said through the layer around it."""
    target = TARGET["rayserve"]
    for name, of in sweep("vllm", claimed("rayserve", version, "engine")):
        tables = able(target, of.spec, version)
        if not tables.refusals and not set(of.spec.settings) & set(tables.lacks):
            yield name, replace(of, target=target, capabilities=tables)


def one(runtime: str) -> Plan:
    """A plan over two devices, split as the runtime usually does."""
    if runtime == "llamacpp":
        return replace(ONE, degrees=Degrees(pipeline=2), load="convert", kv="f16")
    return replace(ONE, degrees=Degrees(pipeline=2)) if runtime == "mlx" else ONE


def _base(runtime: str, path: str) -> dict[str, Any]:
    if path in MOE_ONLY:
        moe = plan(weights="bf16", weights_word="bf16", kv="bf16", checkpoint=QWEN_30B.id)
        return {"model": QWEN_30B, "plan": replace(moe, max_model_len=16384)}
    return {"model": QWEN_8B, "plan": one(runtime)}


def _fields(runtime: str, version: str) -> Iterator[tuple[str, Case]]:
    portable = load_portable(runtime, version)
    for path, row in portable.rows.items():
        if "by" in row or "lacks" in row:
            continue
        words = portable.words(path)
        values = [_value(word) for word in words] or [SAMPLES[path]] if _said(path, words) else []
        for value in values:
            base = _base(runtime, path)
            pins = {path: value}
            if path == "precision.kv":
                base["plan"] = replace(base["plan"], kv=str(value))
                pins.update({"precision.compute": "fp16"} if value in ("fp16", "f16") else {})
            if path == "precision.compute":
                base["plan"] = replace(base["plan"], kv=str(value))
            if path == "features.pooling" or pins == {"features.chunked_prefill": False}:
                base["plan"] = replace(base["plan"], max_batched_tokens=16384)
            yield f"{path}={value}", case(runtime, version, pins, **base)


def _said(path: str, words: object) -> bool:
    return bool(words) or path in SAMPLES


def _value(word: str) -> Any:
    return {"true": True, "false": False}.get(word, word)


def _degrees(runtime: str, version: str) -> Iterator[tuple[str, Case]]:
    if runtime in EDGE:
        yield from _edge_degrees(runtime, version)
        return
    apart = {"trtllm": TRTLLM_LAYOUTS, "lmdeploy": LMDEPLOY_LAYOUTS, "tgi": TGI_LAYOUTS}.get(
        runtime
    )
    if apart:
        yield from _laid_out(runtime, version, apart)
        return
    free = runtime == "sglang"
    layouts = [
        (QWEN_MOE, Degrees(tensor=8, expert=8), 1),
        (QWEN_MOE, Degrees(tensor=4, pipeline=2), 1),
        (DEEPSEEK, Degrees(data=8, expert=8), 1),
        (DEEPSEEK, Degrees(tensor=8, data=2, expert=16), 2),
        (DEEPSEEK, Degrees(tensor=16, expert=16), 2),
        (DEEPSEEK, Degrees(data=16, expert=16), 2),
        (DEEPSEEK, Degrees(tensor=8, pipeline=2, expert=8), 2),
        (LLAMA_70B, Degrees(tensor=8), 1),
        (LLAMA_70B, Degrees(tensor=4, data=2), 1),
        (LLAMA_70B, Degrees(tensor=8, pipeline=2), 2),
    ]
    if free:
        layouts += [(QWEN_MOE, Degrees(tensor=8, expert=2), 1), (DEEPSEEK, Degrees(tensor=8), 1)]
    if "parallel.context" not in load_portable(runtime, version).lacks():
        layouts.append((DEEPSEEK, Degrees(tensor=4, context=2), 1))
    yield from _laid_out(runtime, version, layouts)


def _laid_out(runtime: str, version: str, layouts: Sequence[Layout]) -> Iterator[tuple[str, Case]]:
    for model, degrees, nodes in layouts:
        per_node = degrees.gpus // nodes
        made = plan(
            degrees=degrees,
            nodes=nodes,
            devices_per_node=per_node,
            checkpoint=model.id,
            weights=model.quant.scheme,
            kv="bf16",
        )
        yield f"{model.name} {degrees} on {nodes}", case(runtime, version, model=model, plan=made)


def _edge_degrees(runtime: str, version: str) -> Iterator[tuple[str, Case]]:
    """One device, layers over two, and a tensor split where the version has one."""
    layouts = [Degrees(), Degrees(pipeline=2)]
    tables = TARGET[runtime].capabilities(version).topology
    if tables.tensor_for is None or "Qwen3ForCausalLM" in tables.tensor_for or runtime == "mlx":
        layouts.append(Degrees(tensor=2))
    for degrees in layouts:
        made = replace(one(runtime), degrees=degrees, devices_per_node=degrees.gpus)
        pins = {"parallel.tensor": degrees.tensor} if degrees.tensor > 1 else {}
        yield f"{degrees}", case(runtime, version, pins, model=QWEN_8B, plan=made)
    if runtime == "llamacpp":
        yield from _llamacpp(version)
    else:
        made = replace(one("mlx"), load="convert", weights="mlx4", weights_word="mlx4")
        yield "convert", case("mlx", version, model=QWEN_8B, plan=made)


def _llamacpp(version: str) -> Iterator[tuple[str, Case]]:
    """The places a GGUF file may come from, and the devices that change a command."""
    plain = replace(one("llamacpp"), degrees=Degrees(), devices_per_node=1, weights_word="q4_k_m")
    on_hub = replace(plain, load="as_is", checkpoint="Qwen/Qwen3-8B-GGUF")
    yield "hub", case("llamacpp", version, model=QWEN_8B, plan=on_hub)
    pins: dict[str, Any] = {"checkpoint.file": "Qwen3-8B-Q4_K_M.gguf"}
    yield "hub file", case("llamacpp", version, pins, model=QWEN_8B, plan=on_hub)
    pins["checkpoint.revision"] = "v1"
    yield "revision", case("llamacpp", version, pins, model=QWEN_8B, plan=on_hub)
    local = replace(plain, load="as_is", checkpoint="./models/own.gguf")
    yield "local", case("llamacpp", version, model=QWEN_8B, plan=local)
    for name in ("orin-nano-8g", "m4-max-128g", "epyc-9554"):
        yield name, case("llamacpp", version, model=QWEN_8B, plan=plain, on_device=device(name))
    sees = catalogue("Qwen/Qwen3-VL-8B-Instruct")
    seen = replace(plain, checkpoint=sees.id)
    for words in (("text",), ("text", "image")):
        pins = {"features.modalities": words}
        yield f"media {len(words)}", case("llamacpp", version, pins, model=sees, plan=seen)
    for task in ("embed", "rerank"):
        pins = {"features.task": task}
        yield task, case("llamacpp", version, pins, model=EMBEDDER, plan=plain)
    pins = {"limits.host_memory": 8 << 30}
    yield "host memory", case("llamacpp", version, pins, model=QWEN_8B, plan=plain)


def _features(runtime: str, version: str) -> Iterator[tuple[str, Case]]:
    if runtime in EDGE:
        yield from _edge_features(runtime, version)
        return
    small: dict[str, Any] = {"model": LLAMA_8B, "plan": replace(ONE, checkpoint=LLAMA_8B.id)}
    deep = plan(
        degrees=Degrees(tensor=8), checkpoint=DEEPSEEK.id, weights="fp8_block128", kv="bf16"
    )
    yield (
        "mtp",
        case(
            runtime,
            version,
            {"features.speculative": "mtp"},
            model=DEEPSEEK,
            plan=replace(deep, draft_tokens=2),
        ),
    )
    pins: dict[str, Any] = {"features.speculative": "eagle3", "features.draft": EAGLE3.id}
    yield "eagle3", case(runtime, version, pins, draft=EAGLE3, **small)
    known = TARGET[runtime].capabilities(version).features
    if "speculative.ngram" in known:
        yield "ngram", case(runtime, version, {"features.speculative": "ngram"}, **small)
    if "speculative.draft" in known:
        pins = {"features.speculative": "draft", "features.draft": LLAMA_8B.id}
        yield "draft", case(runtime, version, pins, draft=LLAMA_8B, **small)
    adapters = (adapter("sql", "/adapters/sql", 8), adapter("legal", "s3://house/legal", 24))
    yield "lora", case(runtime, version, adapters=adapters, **small)
    pins = {"lora.dynamic": True, "lora.max_rank": 48, "lora.max_active": 3}
    yield "lora.dynamic", case(runtime, version, pins, **small)
    embed = replace(ONE, checkpoint=EMBEDDER.id, degrees=Degrees(), devices_per_node=1)
    pins = {"features.task": "embed", "features.pooling": "last", "features.normalize": True}
    if "embed" in known:
        yield "embed", case(runtime, version, pins, model=EMBEDDER, plan=embed)
    yield from _memory_and_types(runtime, version, small)
    if runtime == "trtllm":
        yield from _trtllm(version)


def _memory_and_types(
    runtime: str, version: str, small: dict[str, Any]
) -> Iterator[tuple[str, Case]]:
    """Memory beside the device's, other types of weights, chunking off, native options."""
    known = load_portable(runtime, version).words("cache.offload")
    for word in ("host", "lmcache", "mooncake"):
        if word not in known:
            continue
        pins = {"cache.offload": word, "limits.host_memory": 64 << 30}
        yield f"cache.offload={word}", case(runtime, version, pins, **small)
    quantised = replace(ONE, weights="fp8_per_tensor", weights_word="fp8", load="at_load", kv="fp8")
    if TARGET[runtime].capabilities(version).quantize_at_load:
        yield "quantise at load", case(runtime, version, model=QWEN_8B, plan=quantised)
    half = replace(ONE, weights="fp16", weights_word="fp16", kv="fp16")
    yield "half", case(runtime, version, {"precision.weights": "fp16"}, model=QWEN_8B, plan=half)
    if "api.template_args" not in load_portable(runtime, version).lacks():
        args = {"enable_thinking": bound(False)}
        yield "template_args", case(runtime, version, template_args=args, **small)
    unchunked = replace(ONE, chunked_prefill=False, max_batched_tokens=16384)
    yield "unchunked", case(runtime, version, model=QWEN_8B, plan=unchunked)
    yield "native", case(runtime, version, on={runtime: NATIVE[runtime]}, **small)


def _trtllm(version: str) -> Iterator[tuple[str, Case]]:
    """What moves experts, what the file alone says, and the engine path where there is one."""
    moe = plan(checkpoint=QWEN_30B.id, weights="bf16", weights_word="bf16")
    pins: dict[str, Any]
    for word in ("static", "dynamic"):
        pins = {"moe.balance": word, "moe.redundant": 16}
        yield word, case("trtllm", version, pins, model=QWEN_30B, plan=moe)
    pins = {"graphs.sizes": (1, 8, 128), "graphs.max_batch": 64}
    yield "sizes up to a maximum", case("trtllm", version, pins, model=QWEN_8B, plan=ONE)
    if "engine_architectures" in load_table("trtllm", version).sets():
        on = {"trtllm": block("trtllm", {"backend": "tensorrt"})}
        yield "engine", case("trtllm", version, on=on, model=QWEN_8B, plan=ONE)


def _edge_features(runtime: str, version: str) -> Iterator[tuple[str, Case]]:
    """Drafts, adapters, a key and native options, as far as the version has them."""
    small: dict[str, Any] = {"model": LLAMA_8B, "plan": replace(one(runtime), draft_tokens=4)}
    known = TARGET[runtime].capabilities(version).features
    for method in ("mtp", "eagle3", "ngram", "draft"):
        if f"speculative.{method}" in known:
            draft = LLAMA_8B if method == "draft" else EAGLE3 if method == "eagle3" else None
            pins: dict[str, Any] = {"features.speculative": method}
            pins |= {"features.draft": draft.id} if draft else {}
            yield method, case(runtime, version, pins, draft=draft, **small)
    if "lora" in known:
        adapters = (adapter("sql", "/adapters/sql", 8), adapter("legal", "s3://house/legal", 24))
        yield "lora", case(runtime, version, adapters=adapters, **small)
    args = {"enable_thinking": bound(False)}
    yield "template_args", case(runtime, version, template_args=args, **small)
    yield "native", case(runtime, version, on={runtime: NATIVE[runtime]}, **small)


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


def _mixed(runtime: str, version: str) -> Iterator[tuple[str, Case]]:
    """Many fields at once, drawn with a fixed seed."""
    portable = load_portable(runtime, version)
    paths = [
        path
        for path, row in portable.rows.items()
        if "by" not in row
        and "lacks" not in row
        and path not in (*MOE_ONLY, "precision.kv", "precision.compute", "features.reasoning")
        and not path.startswith(("features.pooling", "features.normalize", "cache.", "kernels."))
        and _said(path, portable.words(path))
    ]
    draw = random.Random(f"{runtime} {version}")
    for number in range(80):
        pins = {}
        for path in draw.sample(paths, 8):
            words = sorted(portable.words(path))
            pins[path] = _value(draw.choice(words)) if words else SAMPLES[path]
        made = replace(one(runtime), max_seqs=draw.choice((8, 64, 256)), max_batched_tokens=16384)
        yield f"mixed {number}", case(runtime, version, pins, model=QWEN_8B, plan=made)
