"""The fields of the portable table that take more than a row in llama.cpp."""

from __future__ import annotations

from servec.targets.llamacpp.files import adapter_file, draft_file, model_file
from servec.targets.shared.api import key_variable
from servec.targets.shared.effective import planned
from servec.targets.shared.left_open import stated
from servec.targets.shared.lora import local_path
from servec.targets.shared.media import media_limits
from servec.targets.shared.settings import text_of
from servec.targets.shared.speculative import drafting

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from servec.compiler.target import Case
    from servec.targets.llamacpp.files import Gguf
    from servec.targets.shared.command import Writer
    from servec.targets.shared.settings import Settings

KEY = "LLAMA_API_KEY"
EVERY_LAYER = 999
"""More layers than any model has (docs/multi-gpu.md at commit 0c1e57098)."""
QUANTISED = ("q8_0", "q4_0")
POOLED = ("embed", "rerank")
MIB = 2**20


def wants_media(case: Case) -> bool:
    """Whether inputs beside text are accepted."""
    said = set(case.spec.words("features.modalities")) - {"text"}
    return bool(said) or any((media_limits(case) or {}).values())


def gguf(case: Case) -> Gguf:
    """The file of the model."""
    return model_file(case, wants_media(case))


def files(case: Case, _values: Mapping[str, Any], settings: Settings) -> None:
    """The model by path or by repository; how it is read where it shares memory with the device.

    Mapped pages of the file would stay beside the weights in the one memory of an edge board.
    """
    found = gguf(case)
    if found.path:
        settings.set("model", found.path)
    else:
        settings.set("hf-repo", found.repo)
        if found.file:
            settings.set("hf-file", found.file)
    device = case.device
    if device is not None and device.unified and device.edge and device.kind == "gpu":
        if settings.knows("load-mode"):
            settings.set("load-mode", "none")
        else:
            settings.set("mmap", False)


def parallel(case: Case, _values: Mapping[str, Any], settings: Settings) -> None:
    """All layers on the devices, split as planned; the plan's sum stands in for llama.cpp's own.

    The sockets of a CPU are one device to llama.cpp, whose threads are spread over them.
    """
    degrees, device = planned(case).degrees, case.device
    if device is not None and device.kind == "cpu":
        settings.set("gpu-layers", 0)
        if planned(case).devices_per_node > 1:
            settings.set("numa", "distribute")
    else:
        layers = case.spec.whole("offload.device_layers")
        settings.set("gpu-layers", EVERY_LAYER if layers is None else layers)
        if degrees.tensor > 1:
            settings.apply({"split-mode": "tensor", "flash-attn": "on"})
        else:
            settings.set("split-mode", "layer" if degrees.pipeline > 1 else "none")
    settings.set("fit", "off")


def slots(case: Case, values: Mapping[str, Any], settings: Settings) -> None:
    """Slots, and the context of all of them together; a pooled input is one pass.

    Slots that share the cache may each grow to all of it (tools/server/README.md, --kv-unified).
    """
    plan = planned(case)
    sequences = plan.max_seqs or 1
    shared = case.spec.flag("cache.unified") or not stated(case.spec, "limits.batch")
    if plan.max_model_len:
        settings.set("ctx-size", plan.max_model_len * (1 if shared else sequences))
    settings.set("parallel", sequences)
    settings.set("kv-unified", False)
    batch = plan.max_batched_tokens
    if _task(case, values) in POOLED and plan.max_model_len:
        batch = max(batch, plan.max_model_len)
        settings.set("ubatch-size", batch)
    if batch:
        settings.set("batch-size", batch)


def flash(_case: Case, values: Mapping[str, Any], settings: Settings) -> None:
    """A quantised V needs flash attention; left to itself llama.cpp may switch it off."""
    if values.get("precision.kv") in QUANTISED:
        settings.set("flash-attn", "on")


def attention(_case: Case, values: Mapping[str, Any], settings: Settings) -> None:
    """The one attention kernel that has a name."""
    if values.get("kernels.attention"):
        settings.set("flash-attn", "on")


def task(case: Case, values: Mapping[str, Any], settings: Settings) -> None:
    """Models that embed or rank serve those routes alone."""
    found = _task(case, values)
    if found == "embed":
        settings.set("embedding", True)
    elif found == "rerank":
        settings.set("rerank", True)


def media(case: Case, _values: Mapping[str, Any], settings: Settings) -> None:
    """The projector for images and sound; none is loaded for text alone."""
    if media_limits(case) is None and not case.spec.word("checkpoint.projector"):
        return
    found = gguf(case)
    own = case.spec.word("checkpoint.projector")
    if own:
        settings.set("mmproj", own)
    elif not wants_media(case):
        settings.set("mmproj-auto", False)
    elif found.projector:
        settings.set("mmproj", found.projector)
    else:
        settings.set("mmproj-auto", True)


def speculative(case: Case, values: Mapping[str, Any], settings: Settings) -> None:
    """The kind of draft, its file and how many tokens it proposes, as the build spells them."""
    draft = drafting(case, values)
    if draft is None:
        return
    kinds = {"ngram": "ngram-simple"}.get(draft.method, f"draft-{draft.method}")
    kinds = {"draft-draft": "draft-simple"}.get(kinds, kinds)
    if kinds in settings.choices("spec-type"):
        settings.set("spec-type", kinds)
    if draft.model:
        found = draft_file(case, draft.model)
        new = settings.knows("spec-draft-hf")
        if found.path:
            settings.set("spec-draft-model" if new else "model-draft", found.path)
        else:
            settings.set("spec-draft-hf" if new else "hf-repo-draft", found.repo)
    settings.set(
        "spec-draft-n-max" if settings.knows("spec-draft-n-max") else "draft", draft.tokens
    )


def offload(_case: Case, values: Mapping[str, Any], settings: Settings) -> None:
    """Room for prompts in host memory; llama.cpp would take 8 GiB unasked."""
    size = values.get("limits.host_memory") or 0
    where = values.get("cache.offload") or ("host" if size else "none")
    settings.set("cache-ram", int(size) // MIB if where == "host" else 0)


def lora(case: Case, _values: Mapping[str, Any], settings: Settings) -> None:
    """All adapters, none of them active until a request sets its scale."""
    if not case.spec.adapters:
        return
    paths = [
        adapter_file(item.name, local_path(item), planned(case).checkpoint)[0]
        for item in case.spec.adapters
    ]
    settings.set("lora", ",".join(paths))
    settings.set("lora-init-without-apply", True)


def key(case: Case, _values: Mapping[str, Any], settings: Settings) -> None:
    """Hand the key over by reference: llama-server reads it from its own variable."""
    name = key_variable(case)
    if name and name != KEY:
        settings.env[KEY] = f"${{{name}}}"


def kwargs(case: Case, values: Mapping[str, Any], settings: Settings) -> None:
    """Template arguments are one JSON word."""
    settings.set("chat-template-kwargs", text_of(dict(values["api.template_args"])))


def _task(case: Case, values: Mapping[str, Any]) -> str:
    return str(values.get("features.task") or (case.model.task if case.model else "generate"))


WRITERS: dict[str, Writer] = {
    "files": files,
    "parallel": parallel,
    "slots": slots,
    "flash": flash,
    "attention": attention,
    "task": task,
    "media": media,
    "speculative": speculative,
    "offload": offload,
    "lora": lora,
    "key": key,
    "kwargs": kwargs,
}
