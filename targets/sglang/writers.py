"""The fields of the portable table that take more than a row in SGLang."""

from __future__ import annotations

import math

from servec.compiler.decide.transfer import transport
from servec.compiler.memory.fit import runtime_share
from servec.targets.sglang.kernels import cache, exchange, gemm
from servec.targets.shared.api import key_variable
from servec.targets.shared.at_load import made_at_load
from servec.targets.shared.effective import planned
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

# sglang 0.5.23 arg_groups/speculative_hook.py: EAGLE without a draft is the checkpoint's own MTP.
ALGORITHMS = {
    **{"mtp": "EAGLE", "eagle": "EAGLE", "eagle3": "EAGLE3", "dflash": "DFLASH"},
    **{"dspark": "DSPARK", "ngram": "NGRAM", "draft": "STANDALONE"},
}
BLOCKS = ("ngram", "dflash", "dspark")
"""Methods that draft a block at a time: they have no steps or branches (speculative_hook.py)."""
PASS = 16384
"""The default of max_prefill_tokens (sglang 0.5.23 arg_groups/fields/schedule.py; 0.5.12.post1 the
same); managers/schedule_policy.py PrefillAdder.budget_state: no request joins past it.
"""
SPANNING = (
    *("megamoe", "deepep", "deepep_v2", "mooncake", "nixl", "ascend_fuseep"),
    *("flashinfer", "flashinfer_megamoe", "mori", "pplx"),
)
"""Ways between experts that take the whole tensor width for them, whatever is said.

sglang 0.5.23 arg_groups/overrides.py _a2a_ep_size; 0.5.12.post1 server_args.py ep_size = tp_size.
"""
POOLING = ("embed", "rerank", "classify")


def weights(case: Case, _values: Mapping[str, Any], settings: Settings) -> None:
    """Name a quantisation only where SGLang makes it while it loads; a checkpoint says its own."""
    if word := made_at_load(case):
        settings.set("quantization", word)


def parallel(case: Case, _values: Mapping[str, Any], settings: Settings) -> None:
    """Write the degrees: on MoE models data ranks are cut out of the tensor width.

    0.5.23 renamed that width; before it, `--dp-size` meant it together with a switch (sglang 0.5.23
    arg_groups/parallel_hook.py handle_deprecated_dp_attention).
    """
    degrees = planned(case).degrees
    moe = bool(case.model and case.model.experts) or degrees.expert > 1
    settings.set("tp-size", degrees.tensor * degrees.context * (degrees.data if moe else 1))
    if degrees.pipeline > 1:
        settings.set("pp-size", degrees.pipeline)
    if degrees.data > 1 and not moe:
        settings.set("dp-size", degrees.data)
    elif degrees.data > 1 and settings.knows("attn-dp-size"):
        settings.set("attn-dp-size", degrees.data)
    elif degrees.data > 1:
        settings.apply({"dp-size": degrees.data, "enable-dp-attention": True})
    if degrees.context > 1:
        settings.set("dcp-size", degrees.context)
    if degrees.expert > 1:
        settings.set("ep-size", degrees.expert)


def tokens(case: Case, values: Mapping[str, Any], settings: Settings) -> None:
    """Tokens of one pass: the size of a chunk, or of a whole prefill where chunking is off.

    Requests join a pass while there is room under the bound of a prefill, too.
    """
    size = values.get("limits.batched_tokens")
    if values.get("features.chunked_prefill") is False:
        settings.set("chunked-prefill-size", -1)
        if size:
            settings.set("max-prefill-tokens", size)
    elif size:
        settings.set("chunked-prefill-size", size)
        degrees = planned(case).degrees
        moe = bool(case.model and case.model.experts) or degrees.expert > 1
        share = size // (degrees.data if moe else 1)
        if share > PASS:
            settings.set("max-prefill-tokens", share)


def memory(case: Case, _values: Mapping[str, Any], settings: Settings) -> None:
    """The static share holds weights and KV alone: what the plan leaves of its budget for them.

    Source: sglang 0.5.23 arg_groups/memory_hook.py (mem_fraction_static).
    """
    known = case.model is not None and case.device is not None and case.device.memory
    share = runtime_share(case) if known else planned(case).memory_fraction
    settings.set("mem-fraction-static", share)


def task(case: Case, values: Mapping[str, Any], settings: Settings) -> None:
    """Pooling models are named as such; what they pool is theirs."""
    wanted = values.get("features.task") or (case.model.task if case.model else "generate")
    if wanted in POOLING:
        settings.set("is-embedding", True)


def media(case: Case, _values: Mapping[str, Any], settings: Settings) -> None:
    """Switch the encoders on where media are accepted, and limit items per request.

    Without any nothing is said: `--language-model-only` serves four architectures (sglang 0.5.23
    arg_groups/model_hook.py), the others load their encoders in any case.
    """
    limits = media_limits(case)
    if limits is None:
        return
    if any(limits.values()) or set(case.spec.words("features.modalities")) - {"text"}:
        settings.set("enable-multimodal", True)
    if any(limits.values()):
        settings.set("limit-mm-data-per-request", {k: n for k, n in limits.items() if n})


def speculative(case: Case, values: Mapping[str, Any], settings: Settings) -> None:
    """The triple of a chain: steps, one branch, and a verified token more than steps."""
    draft = drafting(case, values)
    if draft is None:
        return
    settings.set("speculative-algorithm", ALGORITHMS[draft.method])
    if draft.model:
        settings.set("speculative-draft-model-path", draft.model)
    if draft.method in BLOCKS:
        settings.set("speculative-num-draft-tokens", draft.tokens)
    else:
        settings.set("speculative-num-steps", draft.tokens)
        settings.set("speculative-eagle-topk", 1)
        settings.set("speculative-num-draft-tokens", draft.tokens + 1)


def offload(case: Case, values: Mapping[str, Any], settings: Settings) -> None:
    """HiCache on the host, with a storage behind it, or LMCache. Sizes are GB for each rank.

    Source: sglang 0.5.23 mem_cache/pool_host/base.py (host_size * 1e9).
    """
    size = values.get("limits.host_memory") or 0
    where = values.get("cache.offload") or ("host" if size else "none")
    if where == "lmcache":
        settings.set("enable-lmcache", True)
    elif where != "none":
        settings.set("enable-hierarchical-cache", True)
        if size:
            per_rank = float(size) / 1e9 / planned(case).devices_per_node
            settings.set("hicache-size", max(1, math.floor(per_rank)))
        if where in ("disk", "mooncake"):
            settings.set("hicache-storage-backend", "file" if where == "disk" else where)


def lora(case: Case, _values: Mapping[str, Any], settings: Settings) -> None:
    """Adapters; what may be loaded later needs every module and a rank from the start.

    Source: sglang 0.5.23 arg_groups/lora_hook.py check_lora_server_args.
    """
    spec = case.spec
    if not wants_lora(spec):
        return
    active, rank = active_and_rank(spec)
    settings.set("enable-lora", True)
    settings.set("max-loras-per-batch", active)
    if rank:
        settings.set("max-lora-rank", rank)
    words = adapter_words(spec, "lora_name", "lora_path")
    if words:
        settings.set("lora-paths", words)
    if spec.flag("lora.dynamic") or not words:
        settings.set("lora-target-modules", ["all"])


def key(case: Case, _values: Mapping[str, Any], settings: Settings) -> None:
    """The key is an option here, filled in from its variable when the process starts."""
    name = key_variable(case)
    if name:
        settings.set("api-key", f"${{{name}}}")


def transfer(case: Case, _values: Mapping[str, Any], settings: Settings) -> None:
    """The role of the case and its transport; a prefill server is met at a port of its own.

    Source: sglang 0.5.23 arg_groups/fields/disagg.py.
    """
    if case.role:
        settings.set("disaggregation-mode", case.role)
        settings.set("disaggregation-transfer-backend", transport(case))
    if case.role == "prefill":
        settings.set("disaggregation-bootstrap-port", BOOTSTRAP_PORT)


WRITERS: dict[str, Writer] = {
    "cache": cache,
    "weights": weights,
    "parallel": parallel,
    "tokens": tokens,
    "memory": memory,
    "task": task,
    "media": media,
    "speculative": speculative,
    "offload": offload,
    "lora": lora,
    "key": key,
    "gemm": gemm,
    "exchange": exchange,
    "transfer": transfer,
}
