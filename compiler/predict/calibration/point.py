"""Published speed points of one server, as cases: what ran on what, as far as the report says it.

Columns: `id, runtime, hardware, gpus, model, precision, metric, value, unit, batch, input_tokens,
output_tokens` and at times `depth` (tokens already in context), `tp`, `pp`, `file_size_gib`.
"""

from __future__ import annotations

import re

from servec.compiler.catalogue.devices import device_names, find_device, unclear
from servec.compiler.memory.measured.machines import machine
from servec.compiler.memory.measured.names import named_model
from servec.compiler.memory.served import quant_as
from servec.compiler.plan import Degrees
from servec.compiler.predict.abstain import EDGE
from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from servec.compiler.device import Device
    from servec.compiler.model import Model, Quant

RUNTIMES = {"llama.cpp": "llamacpp", "ollama (llama.cpp)": "llamacpp", "mlx": "mlx"}
TWINS = {
    "deepseek-r1:14b": "qwen2.5-14b",
    "deepseek-r1:7b": "qwen2.5-7b",
    "gpt-oss-20b-mxfp4-q8": "gpt-oss-20b",
    "hermes-3-llama-3.1-8b-4bit": "llama-3.1-8b",
    "llama-2-7b": "meta-llama/Llama-2-7b-hf",
    "llama-2-7b.q4_0": "meta-llama/Llama-2-7b-hf",
    "qwen2-72b": "Qwen/Qwen2.5-72B",
    "llama-2-70b-hf": "meta-llama/Meta-Llama-3-70B",
}
"""Names for models with the layers and widths of another (their config.json)."""
DRESS = re.compile(r"[-_.](ud|qat|it|instruct|mlx|gguf|2512)?[-_.]?(bf16|i?q\d_\w+|\dbit)$", re.I)
"""What names of files carry behind the name of the model."""
KQUANTS = {"q8_k_xl": "q8_0", "q6_k_xl": "q6_k", "q5_k_xl": "q5_k_m", "q4_k_xl": "q4_k_m"}
"""Mixed types of other publishers, and the plain type of about the same size."""


@record
class Point:
    """One figure. `missing` says why it cannot be predicted; then model, quant or device is None.

    `split`: how several devices share the model. `tokens` of the prompt and of the answer, `depth`
    of a context that was there before.
    """

    id: str
    runtime: str
    hardware: str
    metric: str
    value: float
    batch: int
    inputs: int
    outputs: int
    depth: int
    split: Degrees
    device: Device | None = None
    model: Model | None = None
    quant: Quant | None = None
    missing: str = ""


def read_point(row: Mapping[str, object]) -> Point:
    """The point of a row; never raises on what a row lacks."""
    runtime = RUNTIMES.get(str(row.get("runtime", "")), str(row.get("runtime", "")))
    name, text = str(row.get("model", "")), str(row.get("hardware", ""))
    device, model = point_device(text), point_model(name)
    quant = point_quant(model, name, str(row.get("precision", "")), runtime) if model else None
    missing = ""
    if device is None or not device.bandwidth:
        missing = f"no bandwidth is known of `{text}`"
    elif model is None:
        missing = f"the catalogue has no `{name}`"
    elif quant is None:
        missing = "the precision is not named"
    return Point(
        id=str(row.get("id", "")),
        runtime=runtime,
        hardware=text,
        metric=str(row.get("metric", "")),
        value=_number(row, "value"),
        batch=_requests(row),
        inputs=int(_number(row, "input_tokens")),
        outputs=int(_number(row, "output_tokens")),
        depth=int(_number(row, "depth")),
        split=_split(row, runtime),
        device=device,
        model=model,
        quant=quant,
        missing=missing,
    )


def _requests(row: Mapping[str, object]) -> int:
    """Requests in flight. A throughput that is that of one request shows that `batch` was another
    thing, the piece in which a prompt is read (`-b` of llama-bench)."""
    batch = int(_number(row, "batch", 1))
    tokens = _number(row, "input_tokens") + _number(row, "output_tokens")
    made = _number(row, "throughput_listed") * _number(row, "value")
    alone = tokens > 0 and abs(made / tokens - 1.0) < 0.05
    return 1 if alone and row.get("metric") == "batch_latency" else batch


def point_device(text: str) -> Device | None:
    """The device of a report; a machine's own name may carry its card in brackets."""
    low = text.lower()
    if re.search(r"395|8060s|strix", low):
        return find_device("strix-halo-128g")
    chip = re.search(r"\bm([1-5])(?: (max|pro|ultra))?\b", low)
    if chip:
        return _apple("-".join(part for part in ("m" + chip[1], chip[2]) if part), low)
    if re.search(r"rtx pro 6000", low):
        return find_device("rtx-pro-6000-bw-server")
    return machine(text) or _inside(text) or _open(low)


def _open(text: str) -> Device | None:
    """A card whose name leaves its memory open is the one with the least, as an Apple chip is."""
    words = re.findall(r"[a-z]+\d+", text)
    found = [names[0] for names in map(unclear, words) if names]
    return find_device(found[0]) if len(found) == 1 else None


def _inside(text: str) -> Device | None:
    inner = re.search(r"\(([^)]*)\)?", text)
    return machine(inner.group(1)) if inner else None


def _apple(chip: str, text: str) -> Device | None:
    """The chip with the stated memory, else with the least there is: rates do not depend on it."""
    sizes = re.findall(r"(\d+) ?gb(?!/s)", text)
    for size in sizes:
        found = find_device(f"{chip}-{size}g")
        if found is not None:
            return found
    names = [n for n in device_names() if n.rpartition("-")[0] == chip]
    return find_device(min(names, key=lambda n: int(n.rpartition("-")[2][:-1]))) if names else None


def point_model(name: str) -> Model | None:
    """The catalogue's model for the name of a file, a repository or a tag of Ollama's library."""
    last = name.rpartition("/")[2].lower()
    bare = TWINS.get(last, name).replace(":", "-")
    for _ in range(4):
        found = named_model(bare)
        if found is not None:
            return found
        shorter = DRESS.sub("", bare)
        if shorter == bare:
            return None
        bare = shorter
    return None


def point_quant(model: Model, name: str, precision: str, runtime: str) -> Quant | None:
    """How the weights were stored; None where neither name nor precision says it."""
    text = f"{precision} {name}".lower()
    if model.quant.weights == "mxfp4":
        return model.quant
    found = re.search(r"\b(i?q\d_[a-z0-9_]+)", text)
    if found:
        return quant_as(model, KQUANTS.get(found.group(1), found.group(1)))
    if re.search(r"\d[ -]?bit|default", text) and "ollama" in text:
        return quant_as(model, "q4_k_m")
    if re.search(r"bf16|f16|fp16|16[ -]?bit", text):
        return model.quant if model.quant.weights in ("bf16", "fp16") else quant_as(model, "bf16")
    bits = re.search(r"([3-8])[ -]?bit", text)
    if bits:
        return quant_as(model, f"mlx{bits[1]}" if runtime == "mlx" else "q4_k_m")
    if "fp8" in text:
        return quant_as(model, "fp8_per_tensor")
    return quant_as(model, "nvfp4") if "fp4" in text else None


def _split(row: Mapping[str, object], runtime: str) -> Degrees:
    gpus = max(1, int(_number(row, "gpus", 1)))
    tensor, stages = int(_number(row, "tp", 0)), int(_number(row, "pp", 0))
    if tensor or stages:
        return Degrees(tensor=tensor or max(1, gpus // max(1, stages)), pipeline=stages or 1)
    if runtime in EDGE:
        return Degrees(pipeline=gpus)
    return Degrees(tensor=gpus)


def _number(row: Mapping[str, object], name: str, default: float = 0) -> float:
    value = row.get(name)
    return float(value) if isinstance(value, (int, float)) else default
