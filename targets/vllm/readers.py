"""The fields that `writers` writes for vLLM, read back from a command line."""

from __future__ import annotations

from fractions import Fraction

from servec.targets.shared.importing.lora import read_lora
from servec.targets.shared.importing.media import read_media
from servec.targets.shared.importing.weights import read_weights
from servec.targets.vllm.drafts import speculative
from servec.targets.vllm.processes import RPC_PORT
from servec.targets.vllm.writers import CONNECTORS, CONVERT, KEY, ROLES, STORES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from servec.targets.shared.importing.sheet import Reader, Sheet

WIDTHS = (
    "tensor-parallel-size",
    "pipeline-parallel-size",
    "data-parallel-size",
    "decode-context-parallel-size",
)


SIZES = "cudagraph_capture_sizes"
SPARSE = ("deepseek_v32", "glm_moe_dsa")
"""Models whose attention is sparse: on Hopper their back end takes an FP8 cache as `fp8` alone.

vllm 0.22.1 to 0.33.0 v1/attention/backends/mla/flashmla_sparse.py supported_kv_cache_dtypes.
"""


def cache(sheet: Sheet) -> None:
    """A type of cache that is the field's by another name, but not for the model, stays native."""
    spelt = sheet.get("kv-cache-dtype") == "fp8_e4m3"
    if spelt and sheet.model is not None and sheet.model.model_type in SPARSE:
        sheet.said.pop("kv-cache-dtype")


def parallel(sheet: Sheet) -> None:
    """The degrees; a context split re-uses tensor ranks, the expert switch covers them all."""
    width, stages, data, context = (sheet.whole(name, 1) for name in WIDTHS)
    prefill = sheet.whole("prefill-context-parallel-size", 1)
    sheet.devices = width * stages * data * prefill
    if width % context or prefill > 1 or sheet.odd(*WIDTHS):
        return
    said = {name: sheet.get(name) is not None for name in WIDTHS}
    if said[WIDTHS[0]]:
        sheet.field("parallel.tensor", width // context, WIDTHS[0])
    for name, path, value in zip(
        WIDTHS[1:],
        ("parallel.pipeline", "parallel.data", "parallel.context"),
        (stages, data, context),
        strict=True,
    ):
        if said[name]:
            sheet.field(path, value, name)
    _experts(sheet, width // context * data)


def _experts(sheet: Sheet, ranks: int) -> None:
    name = "enable-expert-parallel"
    wanted = sheet.get(name)
    if wanted is True and ranks > 1:
        sheet.field("parallel.expert", ranks, name)
    elif wanted is False:
        sheet.field("parallel.expert", 1, name)
    elif wanted is None and ranks > 1 and (sheet.model is None or sheet.model.experts):
        sheet.field("parallel.expert", 1)


def task(sheet: Sheet) -> None:
    """What a pooling runner is converted to; a model that generates does so unasked."""
    if sheet.get("runner") == "generate" and sheet.model and sheet.model.task == "generate":
        sheet.use("runner")
    if sheet.get("runner") != "pooling":
        return
    for word, convert in CONVERT.items():
        if sheet.get("convert") == convert:
            sheet.field("features.task", word, "runner", "convert")
            return


def media(sheet: Sheet) -> None:
    """Limits for each kind of input; `language-model-only` is text alone."""
    if sheet.get("language-model-only") is True:
        sheet.field("features.modalities", ["text"], "language-model-only")
        return
    read_media(sheet, sheet.get("limit-mm-per-prompt"), "limit-mm-per-prompt")


def offload(sheet: Sheet) -> None:
    """Host memory of the whole node, or a store behind the cache."""
    transfer = sheet.get("kv-transfer-config")
    for word, name in STORES.items():
        if transfer == {"kv_connector": name, "kv_role": "kv_both"}:
            sheet.field("cache.offload", word, "kv-transfer-config")
            return
    size, backend = sheet.get("kv-offloading-size"), sheet.get("kv-offloading-backend")
    if isinstance(size, (int, Fraction)) and size > 0 and backend in (None, "native"):
        total = Fraction(size) * 2**30 * sheet.whole("data-parallel-size", 1)
        if total.denominator == 1:
            names = ("kv-offloading-size", "kv-offloading-backend")
            sheet.field("limits.host_memory", int(total), *names)


def lora(sheet: Sheet) -> None:
    """Adapters and the room for them."""
    dynamic = sheet.variables.get("VLLM_ALLOW_RUNTIME_LORA_UPDATING")
    if read_lora(sheet, "max-loras", "lora-modules") and dynamic in ("1", "true", "True"):
        sheet.field("lora.dynamic", True)
        sheet.variables.pop("VLLM_ALLOW_RUNTIME_LORA_UPDATING")


def attention(sheet: Sheet) -> None:
    """The back end as a field of `--attention-config`, or in other letters than the table has it.

    Source: vllm 0.33.0 vllm/config/attention.py validate_backend_before.
    """
    config = sheet.get("attention-config")
    inside = config.get("backend") if isinstance(config, dict) else None
    name = sheet.get("attention-backend") or inside
    if not isinstance(name, str):
        return
    wanted = {"attention-backend": name.upper()}
    words = sheet.portable.words("kernels.attention")
    word = next((word for word, settings in words.items() if settings == wanted), "")
    if word and name == inside:
        sheet.take("kernels.attention", word, {"attention-config": {"backend": name}})
    elif word:
        sheet.take("kernels.attention", word, {"attention-backend": name})


def captured(sheet: Sheet) -> None:
    """Sizes of captured batches, or the largest one."""
    config = sheet.get("compilation-config")
    inside = config.get(SIZES) if isinstance(config, dict) else None
    if isinstance(inside, list) and all(isinstance(size, int) and size > 0 for size in inside):
        sheet.take("graphs.sizes", sorted(set(inside)), {"compilation-config": {SIZES: inside}})
        return
    sizes, most = sheet.get("cudagraph-capture-sizes"), sheet.get("max-cudagraph-capture-size")
    if isinstance(sizes, list) and all(isinstance(size, int) and size > 0 for size in sizes):
        sheet.field("graphs.sizes", sizes, "cudagraph-capture-sizes")
    elif isinstance(most, int) and most > 0 and sizes is None:
        sheet.field("graphs.max_batch", most, "max-cudagraph-capture-size")


def key(sheet: Sheet) -> None:
    """A key is named by its variable, never written."""
    if sheet.get("api-key") is not None or KEY in sheet.variables:
        sheet.field("api.key_env", KEY, "api-key")
        sheet.variables.pop(KEY, None)


def name(sheet: Sheet) -> None:
    """The served name: one name is the language's, several are vLLM's own."""
    names = sheet.get("served-model-name")
    if isinstance(names, list) and len(names) == 1 and isinstance(names[0], str):
        sheet.field("api.name", names[0], "served-model-name")


def nodes(sheet: Sheet) -> None:
    """What tells the nodes of one launch apart is written for each; the first one's address is its
    variable's value.
    """
    if sheet.nodes == 1:
        return
    address = sheet.get("master-addr") or sheet.get("data-parallel-address")
    if isinstance(address, str):
        sheet.notes["nodes"] = f"start with SERVEC_MASTER_ADDR={address}"
    sheet.use("nnodes", "node-rank", "master-addr", "headless", "data-parallel-size-local")
    sheet.use("data-parallel-address", "data-parallel-start-rank")
    if sheet.get("data-parallel-rpc-port") == RPC_PORT:
        sheet.use("data-parallel-rpc-port")


def transfer(sheet: Sheet) -> None:
    """The connector between the roles; which of them it is, the role's block says."""
    config = sheet.get("kv-transfer-config")
    if sheet.role not in ROLES or not isinstance(config, dict):
        return
    for word, name in CONNECTORS.items():
        taken = {"kv_connector": name, "kv_role": ROLES[sheet.role]}
        if config.items() >= taken.items():
            sheet.take("transfer", word, {"kv-transfer-config": taken})


def role(options: Mapping[str, Any]) -> str:
    """Which role a line has, "" for none."""
    config = options.get("kv-transfer-config")
    named = config.get("kv_role") if isinstance(config, dict) else None
    return next((word for word, native in ROLES.items() if native == named), "")


READERS: dict[str, Reader] = {
    "cache": cache,
    "weights": read_weights,
    "transfer": transfer,
    "nodes": nodes,
    "parallel": parallel,
    "task": task,
    "media": media,
    "speculative": speculative,
    "offload": offload,
    "lora": lora,
    "attention": attention,
    "captured": captured,
    "key": key,
    "name": name,
}
