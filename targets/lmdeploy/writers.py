"""The fields of the portable table that take more than a row in LMDeploy."""

from __future__ import annotations

from servec.compiler.memory.fit import runtime_share
from servec.compiler.target import Step
from servec.targets.lmdeploy.engine import TURBOMIND, engine_of, ranks_apart
from servec.targets.shared.api import key_variable
from servec.targets.shared.effective import planned
from servec.targets.shared.hub_files import FOLDER, pinned, slug
from servec.targets.shared.lora import local_path
from servec.targets.shared.media import media_limits
from servec.targets.shared.speculative import drafting

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from servec.compiler.target import Case
    from servec.targets.shared.command import Writer
    from servec.targets.shared.settings import Settings

PROXY = "SERVEC_PROXY_URL"
ROLES = {"prefill": "Prefill", "decode": "Decode"}
BACKENDS = {"mooncake": "Mooncake"}
MTP = {
    "deepseek_v3": "deepseek_mtp",
    "deepseek_v32": "deepseek_mtp",
    "glm4_moe": "deepseek_mtp",
    "glm4_moe_lite": "deepseek_mtp",
    "glm_moe_dsa": "deepseek_mtp",
    "qwen3_5": "qwen3_5_mtp",
    "qwen3_5_moe": "qwen3_5_mtp",
    "hy_v3": "hy3_mtp",
    "kimi_k2": "deepseek_mtp",
}
"""Model types with layers that draft, and what LMDeploy calls them (lmdeploy 0.18.0
lmdeploy/pytorch/configurations)."""


def model_path(case: Case) -> tuple[str, tuple[Step, ...]]:
    """What the server is given as its model, and the steps that make it.

    A revision is fetched before: `--revision` is parsed but reaches neither engine (lmdeploy 0.18.0
    lmdeploy/cli/serve.py api_server). A 4-bit copy is made by `lmdeploy lite auto_awq`.
    """
    plan = planned(case)
    path, steps = pinned(case)
    if plan.load != "convert":
        return path, steps
    makes = f"{FOLDER}/{slug(path)}-awq"
    words = ("lmdeploy", "lite", "auto_awq", path, "--work-dir", makes)
    needs = (path,) if steps else ()
    name = f"quantize-{slug(plan.checkpoint)}"
    return makes, (*steps, Step(name, "quantize", words, makes=(makes,), needs=needs))


def engine(case: Case, _values: Mapping[str, Any], settings: Settings) -> None:
    """The engine; and the format of weights that it is to make as it loads."""
    settings.set("backend", engine_of(case)[0])
    plan = planned(case)
    support = case.capabilities.precisions.get(plan.weights)
    if plan.load == "at_load" and support is not None and support.flag:
        settings.set("model-format", support.flag)


def parallel(case: Case, _values: Mapping[str, Any], settings: Settings) -> None:
    """Write the degrees.

    TurboMind's `--tp` is the wider of the attention's split and the experts' (lmdeploy 0.18.0
    lmdeploy/turbomind/parallel_config.py); that of the PyTorch engine is the whole width, and with
    experts over data ranks that of one rank, which keeps its dense layers whole
    (lmdeploy/pytorch/config.py DistConfig). A dense model's copies each have a split of their own.
    """
    degrees = planned(case).degrees
    width = degrees.tensor * degrees.context
    moe = bool(case.model and case.model.experts)
    if moe or engine_of(case)[0] != TURBOMIND:
        width *= degrees.data
    tensor = max(degrees.tensor, width // degrees.expert) if degrees.expert > 1 else width
    if engine_of(case)[0] != TURBOMIND:
        tensor = degrees.tensor if degrees.expert > 1 and degrees.data > 1 else width
    settings.set("tp", tensor)
    for name, value in (("dp", degrees.data), ("cp", degrees.context), ("ep", degrees.expert)):
        if value > 1:
            settings.set(name, value)


def batch(case: Case, _values: Mapping[str, Any], settings: Settings) -> None:
    """The sequences of one server, where each data rank is one."""
    if ranks_apart(case):
        plan = planned(case)
        settings.set("max-batch-size", max(1, -(-plan.max_seqs // plan.degrees.data)))


def memory(case: Case, _values: Mapping[str, Any], settings: Settings) -> None:
    """The cache's share of what weights and buffers leave free, not of the whole device.

    Source: lmdeploy 0.18.0 lmdeploy/pytorch/engine/executor/base.py _update_num_gpu_blocks;
    lmdeploy/messages.py cache_max_entry_count. The PyTorch engine takes no whole 1.
    """
    known = case.model is not None and case.device is not None and case.device.memory
    share = runtime_share(case) if known else planned(case).memory_fraction
    settings.set("cache-max-entry-count", min(max(float(share), 0.001), 0.99))


def media(case: Case, _values: Mapping[str, Any], settings: Settings) -> None:
    """Leave the encoders out where a model has some and text alone is accepted."""
    limits = media_limits(case)
    if limits and not any(limits.values()):
        settings.set("language-model-only", True)


def speculative(case: Case, values: Mapping[str, Any], settings: Settings) -> None:
    """The method by the model's own layers, or a draft of EAGLE-3."""
    draft = drafting(case, values)
    if draft is None:
        return
    kind = case.model.model_type if case.model else ""
    settings.set("speculative-algorithm", MTP.get(kind, "deepseek_mtp"))
    if draft.method != "mtp":
        settings.set("speculative-algorithm", draft.method)
    if draft.model:
        settings.set("speculative-draft-model", draft.model)
    settings.set("speculative-num-draft-tokens", draft.tokens)


def lora(case: Case, _values: Mapping[str, Any], settings: Settings) -> None:
    """One word for each adapter; LMDeploy reads their rank from them."""
    words = [f"{adapter.name}={local_path(adapter)}" for adapter in case.spec.adapters]
    if words:
        settings.set("adapters", words)


def key(case: Case, _values: Mapping[str, Any], settings: Settings) -> None:
    """The key is an option, filled in from its variable at start; roles leave it to the proxy.

    The proxy asks its servers without a key (lmdeploy 0.18.0 lmdeploy/serve/proxy/proxy.py).
    """
    name = key_variable(case)
    if name and not case.role and not ranks_apart(case):
        settings.set("api-keys", [f"${{{name}}}"])


def transfer(case: Case, _values: Mapping[str, Any], settings: Settings) -> None:
    """The role, how the cache moves, and the proxy that a server tells its address.

    Source: lmdeploy 0.18.0 lmdeploy/serve/openai/api_server.py register_to_proxy.
    """
    if case.role:
        settings.set("role", ROLES[case.role])
        word = case.spec.word("transfer") or next(iter(sorted(case.capabilities.transfer)), "")
        settings.set("migration-backend", BACKENDS[word])
        settings.set("proxy-url", f"${{{PROXY}}}")


WRITERS: dict[str, Writer] = {
    "engine": engine,
    "parallel": parallel,
    "batch": batch,
    "memory": memory,
    "media": media,
    "speculative": speculative,
    "lora": lora,
    "key": key,
    "transfer": transfer,
}
