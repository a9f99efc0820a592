"""The fields of the portable table that take more than a row in vLLM."""

from __future__ import annotations

from servec.compiler.decide.transfer import transport
from servec.targets.shared.api import key_variable
from servec.targets.shared.at_load import made_at_load
from servec.targets.shared.effective import planned
from servec.targets.shared.left_open import leaves_open
from servec.targets.shared.lora import active_and_rank, adapter_words, wants_lora
from servec.targets.shared.media import media_limits
from servec.targets.shared.roles import BOOTSTRAP_PORT
from servec.targets.shared.speculative import drafting

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from servec.compiler.target import Case
    from servec.targets.shared.command import Writer
    from servec.targets.shared.settings import Settings

KEY = "VLLM_API_KEY"
METHODS = {
    **{word: word for word in ("mtp", "eagle", "eagle3", "dflash", "dspark", "ngram")},
    "draft": "draft_model",
}
CONVERT = {"embed": "embed", "rerank": "classify", "classify": "classify"}
NODE = "SERVEC_NODE_IP"
ROLES = {"prefill": "kv_producer", "decode": "kv_consumer"}
CONNECTORS = {"nixl": "NixlConnector", "mooncake": "MooncakeConnector"}
# vllm 0.33.0 vllm/envs.py VLLM_NIXL_SIDE_CHANNEL_PORT; a rank takes the next ones, so roles on one
# machine stay apart.
NIXL_PORTS = {"prefill": "5600", "decode": "5700"}
STORES = {"lmcache": "LMCacheConnectorV1", "mooncake": "MooncakeStoreConnector"}


def weights(case: Case, _values: Mapping[str, Any], settings: Settings) -> None:
    """Name a quantisation only where vLLM makes it while it loads; a checkpoint says its own."""
    if word := made_at_load(case):
        settings.set("quantization", word)


def parallel(case: Case, _values: Mapping[str, Any], settings: Settings) -> None:
    """Write the degrees. A context split re-uses tensor ranks, so they multiply here.

    Source: vllm 0.33.0 vllm/config/parallel.py (world size, decode_context_parallel_size).
    """
    degrees = planned(case).degrees
    settings.set("tensor-parallel-size", degrees.tensor * degrees.context)
    for name, value in (
        ("pipeline-parallel-size", degrees.pipeline),
        ("data-parallel-size", degrees.data),
        ("decode-context-parallel-size", degrees.context),
    ):
        if value > 1:
            settings.set(name, value)
    if degrees.expert > 1:
        settings.set("enable-expert-parallel", True)


def task(case: Case, values: Mapping[str, Any], settings: Settings) -> None:
    """Pooling models are named as such: a decoder checkpoint would be served as a generator."""
    wanted = values.get("features.task") or (case.model.task if case.model else "generate")
    if wanted in CONVERT:
        settings.apply({"runner": "pooling", "convert": CONVERT[wanted]})


def media(case: Case, _values: Mapping[str, Any], settings: Settings) -> None:
    """Limit items per request; without any, the encoders are not even loaded."""
    limits = media_limits(case)
    if limits is None:
        return
    if any(limits.values()) or (limits and leaves_open(case.spec)):
        settings.set("limit-mm-per-prompt", limits)
    elif not set(case.spec.words("features.modalities")) - {"text"}:
        settings.set("language-model-only", True)


def speculative(case: Case, values: Mapping[str, Any], settings: Settings) -> None:
    """One JSON option; the draft tokens are those of the plan."""
    draft = drafting(case, values)
    if draft is None:
        return
    config: dict[str, Any] = {"method": METHODS[draft.method]}
    if draft.model:
        config["model"] = draft.model
    settings.set("speculative-config", {**config, "num_speculative_tokens": draft.tokens})


def offload(case: Case, values: Mapping[str, Any], settings: Settings) -> None:
    """Host memory is split over the data ranks of a node; the stores bring their own size.

    Source: vllm 0.33.0 vllm/config/vllm.py _post_init_kv_transfer_config (GiB for one engine).
    """
    size = values.get("limits.host_memory") or 0
    where = values.get("cache.offload") or ("host" if size else "none")
    if where in STORES:
        settings.set("kv-transfer-config", {"kv_connector": STORES[where], "kv_role": "kv_both"})
    elif where == "host" and size:
        plan = planned(case)
        ranks = max(1, plan.degrees.data // max(1, plan.nodes))
        settings.set("kv-offloading-size", round(float(size) / 2**30 / ranks, 3))
        settings.set("kv-offloading-backend", "native")


def lora(case: Case, _values: Mapping[str, Any], settings: Settings) -> None:
    """Adapters with room for the largest rank: vLLM takes certain ranks only, so round up."""
    spec = case.spec
    if not wants_lora(spec):
        return
    active, rank = active_and_rank(spec)
    settings.set("enable-lora", True)
    settings.set("max-loras", active)
    if rank:
        allowed = settings.choices("max-lora-rank")
        settings.set("max-lora-rank", next((r for r in allowed if r >= rank), rank))
    words = adapter_words(spec, "name", "path")
    if words:
        settings.set("lora-modules", words)
    if spec.flag("lora.dynamic"):
        settings.env["VLLM_ALLOW_RUNTIME_LORA_UPDATING"] = "1"


def key(case: Case, _values: Mapping[str, Any], settings: Settings) -> None:
    """Hand the key over by reference: vLLM reads it from its own variable."""
    name = key_variable(case)
    if name and name != KEY:
        settings.env[KEY] = f"${{{name}}}"


def transfer(case: Case, _values: Mapping[str, Any], settings: Settings) -> None:
    """The connector with the role of the case, and where the other side finds this node.

    Source: vllm 0.33.0 vllm/config/kv_transfer.py (role is mandatory), vllm/envs.py.
    """
    if case.role not in ROLES:
        return
    connector = CONNECTORS[transport(case)]
    settings.set("kv-transfer-config", {"kv_connector": connector, "kv_role": ROLES[case.role]})
    if connector == "NixlConnector":
        settings.env["VLLM_NIXL_SIDE_CHANNEL_HOST"] = f"${{{NODE}}}"
        settings.env["VLLM_NIXL_SIDE_CHANNEL_PORT"] = NIXL_PORTS[case.role]
    elif case.role == "prefill":
        settings.env["VLLM_MOONCAKE_BOOTSTRAP_PORT"] = str(BOOTSTRAP_PORT)


def captured(_case: Case, values: Mapping[str, Any], settings: Settings) -> None:
    """Sizes up to the maximum; with sizes the maximum is the largest of them, and is not said.

    Source: vllm 0.33.0 vllm/config/vllm.py _set_cudagraph_sizes (refuses two different maxima).
    """
    most = values.get("graphs.max_batch")
    sizes = [size for size in values.get("graphs.sizes") or () if not most or size <= most]
    if sizes:
        settings.set("cudagraph-capture-sizes", sizes)
    elif most:
        settings.set("max-cudagraph-capture-size", most)


WRITERS: dict[str, Writer] = {
    "weights": weights,
    "parallel": parallel,
    "task": task,
    "media": media,
    "speculative": speculative,
    "offload": offload,
    "lora": lora,
    "captured": captured,
    "transfer": transfer,
    "key": key,
}
