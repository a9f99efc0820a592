"""The fields that `writers` writes for llama.cpp, read back from a command line."""

from __future__ import annotations

import re

from servec.compiler.catalogue.precision import gguf_types
from servec.compiler.options.fields import read_json
from servec.targets.llamacpp.spellings import EXPERTS, FLASH
from servec.targets.llamacpp.writers import KEY
from servec.targets.shared.importing.key import read_key
from servec.targets.shared.importing.typed import NUMBER, number
from servec.targets.shared.speculative import MAY_DRAFT, NEEDS_DRAFT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.targets.shared.importing.sheet import Reader, Sheet

MIB = 2**20
DEVICES = ("device", "device-draft", "override-tensor", "override-tensor-draft")
VISIBLE = ("CUDA_VISIBLE_DEVICES", "HIP_VISIBLE_DEVICES", "ROCR_VISIBLE_DEVICES")
OPENED = ("lora", "mmproj", "model-draft", "control-vector")
"""What is opened behind the parser (llama.cpp common/common.cpp common_init_from_params)."""
SAMPLING = {
    "temp": "api.sampling.temperature",
    "top-p": "api.sampling.top_p",
    "top-k": "api.sampling.top_k",
    "min-p": "api.sampling.min_p",
    "repeat-penalty": "api.sampling.repetition_penalty",
    "presence-penalty": "api.sampling.presence_penalty",
    "seed": "api.sampling.seed",
}
METHODS = {
    "draft-mtp": "mtp",
    "draft-eagle3": "eagle3",
    "draft-dflash": "dflash",
    "draft-dspark": "dspark",
    "draft-simple": "draft",
    "ngram-simple": "ngram",
}


def files(sheet: Sheet) -> None:
    """The file of a repository: by its name, or by its type (`repo:Q4_K_M`)."""
    repo, file = sheet.get("hf-repo"), sheet.get("hf-file")
    if isinstance(file, str):
        sheet.field("checkpoint.file", file, "hf-file")
    if isinstance(repo, str) and ":" in repo:
        kind = repo.rpartition(":")[2].lower()
        if kind in gguf_types():
            sheet.field("precision.weights", {"f16": "fp16", "f32": "fp32"}.get(kind, kind))


def slots(sheet: Sheet) -> None:
    """Sequences, and the context of one of them: the line states that of all together.

    Without a number of slots they share the context, and so they do where the line says it.
    """
    number, total = sheet.whole("parallel", 0), sheet.whole("ctx-size", 0)
    shared = not number or sheet.get("kv-unified") is True
    if number:
        sheet.field("limits.batch", number, "parallel")
    if total and shared:
        sheet.field("limits.context", total, "ctx-size")
    elif total and total % number == 0:
        sheet.field("limits.context", total // number, "ctx-size")
    batch = sheet.whole("batch-size", 0)
    if batch:
        sheet.field("limits.batched_tokens", batch, "batch-size")


def kernels(sheet: Sheet) -> None:
    """Flash attention has a name, and so has what the chat template decides by itself."""
    if FLASH.get(str(sheet.get("flash-attn")).lower()) == "on":
        sheet.field("kernels.attention", "flash_attn", "flash-attn")
    if sheet.get("jinja") is True and sheet.get("chat-template-file") is None:
        sheet.field("features.tools", "auto", "jinja")
    if sheet.get("reasoning-format") == "deepseek":
        sheet.field("features.reasoning", "auto", "reasoning-format")


def devices(sheet: Sheet) -> None:
    """As many devices as the highest number asks for, which count from 0; unasked, all of them."""
    named = [str(sheet.get(name)) for name in DEVICES if sheet.get(name) is not None]
    numbers = [int(n) for text in named for n in re.findall(r"[A-Za-z](\d{1,2})(?=,|$)", text)]
    numbers.append(sheet.whole("main-gpu", 0))
    sheet.devices = max([sheet.devices, *(n + 1 for n in numbers)])
    alone = sheet.get("split-mode") == "none" or sheet.get("device") is not None
    seen = next((sheet.env[name] for name in VISIBLE if sheet.env.get(name)), "")
    if not alone:
        sheet.devices = max(sheet.devices, len(seen.split(",")) if seen else sheet.there)


def layers(sheet: Sheet) -> None:
    """Layers on the devices, and over how many devices they are spread."""
    value = sheet.get("gpu-layers")
    if isinstance(value, str) and value.isdecimal():
        sheet.field("offload.device_layers", int(value), "gpu-layers")


def experts(sheet: Sheet) -> None:
    """An override of the tensors of all experts is what `--cpu-moe` sets."""
    if EXPERTS.fullmatch(str(sheet.get("override-tensor"))):
        sheet.field("offload.experts", True, "override-tensor")


def batches(sheet: Sheet) -> None:
    """Prompts take as many threads as answers where nothing else is said."""
    if sheet.get("threads-batch") == sheet.get("threads"):
        sheet.use("threads-batch")


def template(sheet: Sheet) -> None:
    """Values of the chat template, which the table holds as text."""
    found, wrong = read_json("json", str(sheet.get("chat-template-kwargs") or ""))
    if isinstance(found, dict) and found and not wrong:
        sheet.field("api.template_args", found, "chat-template-kwargs")


def projector(sheet: Sheet) -> None:
    """The file of the projector: images are accepted then."""
    file = sheet.get("mmproj")
    if isinstance(file, str):
        sheet.field("checkpoint.projector", file, "mmproj")


def numbers(sheet: Sheet) -> None:
    """Sampling defaults are texts in the table."""
    for name, path in SAMPLING.items():
        value = sheet.get(name)
        if isinstance(value, str) and NUMBER.fullmatch(value):
            sheet.field(path, number(value), name)


def task(sheet: Sheet) -> None:
    """What is served beside answers."""
    if sheet.get("embedding") is True:
        sheet.field("features.task", "embed", "embedding")
    elif sheet.get("rerank") is True:
        sheet.field("features.task", "rerank", "rerank")


def speculative(sheet: Sheet) -> None:
    """The kind of draft, and how many tokens it proposes."""
    word = METHODS.get(str(sheet.get("spec-type")), "")
    draft = sheet.get("spec-draft-hf") or sheet.get("spec-draft-model")
    tokens = sheet.whole("spec-draft-n-max", 0)
    fits = word in MAY_DRAFT if isinstance(draft, str) else word not in NEEDS_DRAFT
    if not word or not fits:
        return
    sheet.field("features.speculative", word, "spec-type")
    if draft:
        sheet.field("features.draft", draft, "spec-draft-hf", "spec-draft-model")
    if tokens:
        sheet.field("features.draft_tokens", tokens, "spec-draft-n-max")


def offload(sheet: Sheet) -> None:
    """Host memory for prompts, in MiB."""
    size = sheet.whole("cache-ram", 0)
    if size:
        sheet.field("limits.host_memory", size * MIB, "cache-ram")


def key(sheet: Sheet) -> None:
    """A key is named by its variable, never written."""
    read_key(sheet, KEY)


READERS: dict[str, Reader] = {
    "files": files,
    "slots": slots,
    "kernels": kernels,
    "devices": devices,
    "layers": layers,
    "experts": experts,
    "batches": batches,
    "template": template,
    "projector": projector,
    "numbers": numbers,
    "task": task,
    "speculative": speculative,
    "offload": offload,
    "key": key,
}
