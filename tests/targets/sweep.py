"""Cases that say every portable field once with every word it takes, and many fields at once."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

from servec.compiler.plan import Degrees
from servec.compiler.rules.asked import problems
from servec.compiler.target import able
from servec.dsl.record import replace
from servec.dsl.spec import OnBlock
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
    plan,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from servec.compiler.model import Model
    from servec.compiler.target import Case

    Layout = tuple[Model, Degrees, int]
from tests.targets.sweep_edge import edge_degrees, edge_features
from tests.targets.sweep_parts import (
    DEEPSEEK,
    EAGLE3,
    EDGE,
    EMBEDDER,
    LLAMA_8B,
    LMDEPLOY_LAYOUTS,
    MOE_ONLY,
    NATIVE,
    ONE,
    QWEN_8B,
    QWEN_30B,
    SAMPLES,
    TGI_LAYOUTS,
    TRTLLM_LAYOUTS,
    one,
)


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
    for engine in ("vllm", "sglang"):
        for name, of in sweep(engine, claimed("rayserve", version, "engine", engine)):
            named = {} if engine == "vllm" else {engine: OnBlock(engine, of.spec.name_span)}
            spec = replace(of.spec, on={**named, **of.spec.on})
            around = replace(of, spec=spec, target=target, capabilities=able(target, spec, version))
            if not around.capabilities.refusals and not problems(around):
                yield f"{engine} {name}", around


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
        yield from edge_degrees(runtime, version)
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


def _features(runtime: str, version: str) -> Iterator[tuple[str, Case]]:
    if runtime in EDGE:
        yield from edge_features(runtime, version)
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
