"""Cases of the runtimes of one device: layouts, files, devices and features."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from servec.compiler.plan import Degrees
from servec.dsl.record import replace
from tests.targets.make import (
    TARGET,
    adapter,
    bound,
    case,
    catalogue,
    device,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from servec.compiler.model import Model
    from servec.compiler.target import Case

    Layout = tuple[Model, Degrees, int]
from tests.targets.sweep_parts import EAGLE3, EMBEDDER, LLAMA_8B, NATIVE, QWEN_8B, one


def edge_degrees(runtime: str, version: str) -> Iterator[tuple[str, Case]]:
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


def edge_features(runtime: str, version: str) -> Iterator[tuple[str, Case]]:
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
