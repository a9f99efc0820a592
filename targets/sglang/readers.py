"""The fields that `writers` writes for SGLang, read back from a command line."""

from __future__ import annotations

from servec.targets.sglang.writers import ALGORITHMS, BLOCKS, SPANNING
from servec.targets.shared.importing.lora import read_lora
from servec.targets.shared.importing.media import read_media
from servec.targets.shared.importing.weights import read_weights
from servec.targets.shared.roles import BOOTSTRAP_PORT
from servec.targets.shared.speculative import NEEDS_DRAFT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from servec.targets.shared.importing.sheet import Reader, Sheet

TRANSPORTS = ("nixl", "mooncake")
TRANSPORT = "mooncake"
"""The default of disaggregation_transfer_backend (sglang 0.5.23 arg_groups/fields/disagg.py)."""
CHAIN = ("speculative-num-steps", "speculative-eagle-topk", "speculative-num-draft-tokens")
WIDTHS = ("tp-size", "pp-size", "dp-size", "attn-dp-size", "dcp-size", "ep-size")
DRAFT = "speculative-draft-model-path"


def parallel(sheet: Sheet) -> None:
    """The degrees: with attention data parallel, data ranks are cut out of the tensor width."""
    width, stages = sheet.whole("tp-size", 1), sheet.whole("pp-size", 1)
    plain, attention = sheet.whole("dp-size", 1), sheet.whole("attn-dp-size", 1)
    cut = attention > 1 or sheet.get("enable-dp-attention") is True
    data = max(plain, attention) if cut else plain
    context = sheet.whole("dcp-size", 1)
    moe = sheet.model is None or bool(sheet.model.experts)
    sheet.devices = width * stages * (1 if cut else data)
    if width % (context * (data if cut else 1)) or (moe and data > 1 and not cut):
        return
    if (cut and not _cut_for(sheet)) or sheet.odd(*WIDTHS):
        return
    tensor = width // context // (data if cut else 1)
    if sheet.get("tp-size") is not None:
        sheet.field("parallel.tensor", tensor, "tp-size")
    if sheet.get("pp-size") is not None:
        sheet.field("parallel.pipeline", stages, "pp-size")
    if data > 1 or plain != attention or sheet.get("dp-size") is not None:
        sheet.field("parallel.data", data, "dp-size", "attn-dp-size")
        if cut:
            sheet.use("enable-dp-attention")
    if sheet.get("dcp-size") is not None:
        sheet.field("parallel.context", context, "dcp-size")
    _experts(sheet, width if moe else 1)


def _experts(sheet: Sheet, width: int) -> None:
    """Ranks of the experts: those stated, or the whole width that the way between them takes."""
    if width > 1 and sheet.get("moe-a2a-backend") in SPANNING:
        sheet.field("parallel.expert", width, "ep-size")
    elif sheet.get("ep-size") is not None:
        sheet.field("parallel.expert", sheet.whole("ep-size", 1), "ep-size")
    elif width > 1:
        sheet.field("parallel.expert", 1)


def _cut_for(sheet: Sheet) -> bool:
    """Whether there are experts for which the width may be cut: of a model that nobody knows, where
    the line splits them."""
    if sheet.model is not None:
        return bool(sheet.model.experts)
    return sheet.whole("ep-size", 1) > 1 or sheet.get("moe-a2a-backend") in SPANNING


def tokens(sheet: Sheet) -> None:
    """The size of a chunk; -1 switches chunks off, then a whole prefill is bounded."""
    chunk, most = sheet.get("chunked-prefill-size"), sheet.get("max-prefill-tokens")
    if chunk == -1:
        sheet.field("features.chunked_prefill", False, "chunked-prefill-size")
        if isinstance(most, int) and most > 0:
            sheet.field("limits.batched_tokens", most, "max-prefill-tokens")
    elif isinstance(chunk, int) and chunk > 0:
        sheet.field("limits.batched_tokens", chunk, "chunked-prefill-size")
        if isinstance(most, int) and most >= chunk // _data(sheet):
            sheet.field("limits.batched_tokens", chunk, "max-prefill-tokens")


def _data(sheet: Sheet) -> int:
    """How many data ranks share a chunk (sglang 0.5.23 arg_groups/parallel_hook.py)."""
    if sheet.get("enable-dp-attention") is True:
        return sheet.whole("dp-size", 1)
    return sheet.whole("attn-dp-size", 1)


def task(sheet: Sheet) -> None:
    """Pooling models are named as such; what they pool is theirs."""
    if sheet.get("is-embedding") is True:
        own = sheet.model.task if sheet.model else "embed"
        sheet.field("features.task", own if own != "generate" else "embed", "is-embedding")


def media(sheet: Sheet) -> None:
    """Limits for each kind of input, with the encoders switched on."""
    read_media(sheet, sheet.get("limit-mm-data-per-request"), "limit-mm-data-per-request")
    own = [kind for kind in (sheet.model.modalities if sheet.model else ()) if kind != "text"]
    if sheet.get("enable-multimodal") is True and (own or "features.modalities" in sheet.fields):
        if "features.modalities" not in sheet.fields:
            sheet.field("features.modalities", ["text", *own])
        sheet.use("enable-multimodal")


UNALIASED = ("DeepseekV4ForCausalLM",)
"""Classes that ask for EAGLE by name before NEXTN is read as EAGLE (sglang 0.5.12.post1 and 0.5.23
arg_groups/deepseek_v4_hook.py)."""


def speculative(sheet: Sheet) -> None:
    """A method with its triple where that is a chain: one branch, one more token than steps.

    Of a tree the branches and the tokens that are verified stay beside the steps.
    """
    name, draft = str(sheet.get("speculative-algorithm")).upper(), sheet.get(DRAFT)
    if name == "NEXTN" and sheet.model and sheet.model.architecture in UNALIASED:
        return
    word = _method("EAGLE" if name == "NEXTN" else name, isinstance(draft, str))
    fits = isinstance(draft, str) is (word in NEEDS_DRAFT) or word == "dspark"
    if not word or not fits:
        return
    steps, branches, count = (sheet.get(option) for option in CHAIN)
    taken: tuple[str, ...] = CHAIN
    if word in BLOCKS:
        if not isinstance(count, int) or steps is not None or branches is not None:
            return
        steps = count
    elif not isinstance(steps, int):
        return
    elif branches != 1 or count != steps + 1:
        if sheet.judged or not isinstance(branches, int) or not isinstance(count, int):
            return
        taken = CHAIN[:1]
    sheet.field("features.speculative", word, "speculative-algorithm")
    if draft:
        sheet.field("features.draft", draft, DRAFT)
    sheet.field("features.draft_tokens", steps, *taken)


def _method(name: str, drafts: bool) -> str:
    """EAGLE is a draft of that kind, or the layers of the model itself where none is named."""
    if name == "EAGLE":
        return "eagle" if drafts else "mtp"
    return next((word for word, native in ALGORITHMS.items() if native == name), "")


def offload(sheet: Sheet) -> None:
    """HiCache on the host with what is behind it, or LMCache."""
    size, behind = sheet.get("hicache-size"), sheet.get("hicache-storage-backend")
    words = {None: "host", "file": "disk", "mooncake": "mooncake"}
    if sheet.get("enable-lmcache") is True:
        sheet.field("cache.offload", "lmcache", "enable-lmcache")
    elif sheet.get("enable-hierarchical-cache") is True and behind in words:
        names = ("enable-hierarchical-cache", "hicache-storage-backend")
        sheet.field("cache.offload", words[behind], *names)
        if isinstance(size, int) and size > 0:
            total = size * 10**9 * max(1, sheet.devices // max(1, sheet.nodes))
            sheet.field("limits.host_memory", total, "hicache-size")


def lora(sheet: Sheet) -> None:
    """Adapters and the room for them; every module may be changed where it is dynamic."""
    read = read_lora(sheet, "max-loras-per-batch", "lora-paths")
    if read and sheet.get("lora-target-modules") == ["all"]:
        sheet.field("lora.dynamic", True, "lora-target-modules")


def key(sheet: Sheet) -> None:
    """A key is named by its variable, never written."""
    given = sheet.get("api-key")
    if isinstance(given, str):
        named = given.strip("${}")
        known = given.startswith("$") and named.isidentifier()
        sheet.field("api.key_env", named if known else "SGLANG_API_KEY", "api-key")


def nodes(sheet: Sheet) -> None:
    """What tells the nodes of one launch apart is written for each; the first one's address is its
    variable's value.
    """
    address = sheet.get("dist-init-addr")
    if sheet.nodes > 1:
        if isinstance(address, str):
            sheet.notes["nodes"] = f"start with SERVEC_DIST_INIT_ADDR={address}"
        sheet.use("nnodes", "node-rank", "dist-init-addr")


def transfer(sheet: Sheet) -> None:
    """The transport between the roles; which of them it is, the role's block says."""
    backend = sheet.get("disaggregation-transfer-backend") or TRANSPORT
    if sheet.role and backend in TRANSPORTS:
        names = ("disaggregation-mode", "disaggregation-transfer-backend")
        sheet.field("transfer", backend, *names)
        if sheet.get("disaggregation-bootstrap-port") == BOOTSTRAP_PORT:
            sheet.use("disaggregation-bootstrap-port")


def role(options: Mapping[str, Any]) -> str:
    """Which role a line has, "" for none."""
    mode = options.get("disaggregation-mode")
    return str(mode) if mode in ("prefill", "decode") else ""


READERS: dict[str, Reader] = {
    "weights": read_weights,
    "transfer": transfer,
    "nodes": nodes,
    "parallel": parallel,
    "tokens": tokens,
    "task": task,
    "media": media,
    "speculative": speculative,
    "offload": offload,
    "lora": lora,
    "key": key,
}
