"""From one entry of a file of measurements to what was served, as far as the report says it."""

from __future__ import annotations

import re

from servec.compiler.memory.constants import constants, newest_then, version_key
from servec.compiler.memory.measured.flags import number_of
from servec.compiler.memory.measured.machines import machine
from servec.compiler.memory.measured.serving import Context, as_served, roughly_by, served_by
from servec.dsl.record import record, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from servec.compiler.device import Device
    from servec.compiler.memory.account import Served
    from servec.compiler.model import Model

MIDDLE = {"vllm": "0.19"}
"""What a report without a version is taken for: most of them are from its time."""
OLD = "0.8"
"""Reports from before it are taken for the version of their day: the engine was another."""
RUNTIMES = {"llama.cpp": "llamacpp", "tensorrt-llm": "trtllm", "mlx-lm": "mlx"}
VERSIONS = ("0.9.2", "0.19", "0.33.0")
"""Versions of vLLM whose figures differ most; a report without one may be from any."""
FIRST = "0.7.2"
"""The same from before its present engine, for reports of that time and models that saw images."""
FIRST_SEERS = ("qwen2_vl", "qwen2_5_vl", "mllama", "llava")
LOST = ("cpu_offload_gb", "kv_connector", "kv_cache_memory_bytes", "num_gpu_blocks_override")
"""Flags that move memory in ways the sum does not follow."""
DRAFTS = ("dflash", "eagle", "eagle3", "draft", "draft_model")
"""Flags of a draft model that the report does not name."""


@record
class Entry:
    """What a report measured. `served` is None, and `why` says why, where too little is named.

    `share`: what the runtime's memory option said, its default where the report is silent.
    `cacheless`: why nothing beyond the weights can be judged, `poolless` why no figure of the cache
    can be given though a verdict can, `countless`: why tokens cannot,
    `layoutless`: why the weights of a rank cannot; "" where they can. `rough` is what may have been
    served where `served` is None but a verdict may still be certain, `slack` the error of its
    weights as a share. `undated`: the version is not named; `ways`: what may have run, by each
    version it can have been, and its memory option. `loads`: the report says that the weights load,
    and no more.
    """

    id: str
    runtime: str
    version: str
    served: Served | None
    device: Device | None
    share: float
    why: str = ""
    cacheless: str = ""
    poolless: str = ""
    countless: str = ""
    layoutless: str = ""
    stated_length: bool = False
    hardware: str = ""
    rough: Served | None = None
    slack: float = 0.0
    undated: bool = False
    ways: tuple[tuple[Served, float], ...] = ()
    loads: bool = False


def read_entry(row: Mapping[str, object]) -> Entry:
    """The entry of a row of a measurement file; never raises on what a row lacks."""
    runtime = str(row.get("runtime", ""))
    runtime = RUNTIMES.get(runtime, runtime)
    version = str(row.get("version", ""))
    flags = row.get("flags")
    given: dict[str, object] = dict(flags) if isinstance(flags, dict) else {}
    text = str(row.get("hardware", ""))
    device = machine(text)
    latest = _latest(runtime, str(row.get("source", "")))
    dated = _dated(runtime, version, latest)
    table = constants(runtime, dated)
    said = number_of(given, "gpu_memory_utilization", "mem_fraction_static", "free_fraction")
    context = Context(row, given, runtime, dated, device, table)
    served, why = served_by(context)
    rough, slack = (None, 0.0) if served is not None else roughly_by(context)
    return Entry(
        id=str(row.get("id", "")),
        runtime=runtime,
        version=version,
        served=served,
        device=device,
        share=float(said or table.share),
        why=why,
        cacheless=_cacheless(given, text),
        poolless=_poolless(served),
        countless=_countless(served, runtime, dated != version),
        layoutless=_layoutless(served, given, runtime),
        stated_length=_states_length(given, str(row.get("outcome", ""))),
        hardware=text,
        rough=rough,
        slack=slack,
        undated=dated != version,
        ways=_ways(context, served or rough, said, latest if dated != version else version),
        loads=str(row.get("outcome", "")).lower().startswith("loads"),
    )


def _ways(
    context: Context, base: Served | None, said: float | None, latest: str
) -> tuple[tuple[Served, float], ...]:
    """What may have run, by each version that was out, and the share it took."""
    if base is None:
        return ()
    dates: tuple[str, ...] = (context.dated,)
    if context.runtime == "vllm" and str(context.row.get("version", "")) != context.dated:
        newest = version_key(latest)
        early = newest < version_key(VERSIONS[0]) or base.model.model_type.startswith(FIRST_SEERS)
        dates = (*((FIRST,) if early else ()), *VERSIONS)
        dates = tuple(v for v in dates if version_key(v) <= newest) or (latest,)
    found = []
    for date in dates:
        table = constants(context.runtime, date)
        then = replace(context, dated=date, table=table)
        found.append((as_served(then, base.model, base.quant), float(said or table.share)))
    return tuple(found)


def _states_length(given: Mapping[str, object], outcome: str) -> bool:
    stated = number_of(given, "max_model_len", "context_length", "n_ctx")
    return bool(stated) or "max_model_len" in outcome


def _dated(runtime: str, version: str, latest: str) -> str:
    """The version whose figures hold: as stated, else a middle one, or an old report's own."""
    if re.match(r"b?\d", version):
        return version
    old = bool(latest) and version_key(latest) < version_key(OLD)
    return latest if old else MIDDLE.get(runtime, "")


def _latest(runtime: str, source: str) -> str:
    """The release that was out when the issue that a report cites was filed."""
    found = re.search(r"vllm-project/vllm (?:issue|pull|pr) #?(\d{1,6})", source)
    return newest_then(runtime, int(found[1])) if found and runtime == "vllm" else ""


def _poolless(served: Served | None) -> str:
    if served is None or served.runtime != "vllm" or not served.model.mla:
        return ""
    old = version_key(served.version) < version_key(OLD)
    return "latent caches were laid out otherwise then" if old else ""


def _countless(served: Served | None, runtime: str, undated: bool) -> str:
    if served is not None and runtime == "vllm" and undated and _mixed(served.model):
        return "the version decides how windows are charged, and is not named"
    return ""


def _layoutless(served: Served | None, given: Mapping[str, object], runtime: str) -> str:
    """DeepSeek-V4 on SGLang is served with attention data parallel as often as without."""
    if served is None or runtime != "sglang" or "dp" in given or served.degrees.gpus == 1:
        return ""
    compressed = any(g.attention.side_elements for g in served.model.groups)
    return "whether attention is data parallel is not named" if compressed else ""


def _mixed(model: Model) -> bool:
    """Whether layers differ in how many tokens they keep."""
    return model.has_window or any(g.attention.side_window for g in model.groups)


def _cacheless(given: Mapping[str, object], hardware: str) -> str:
    if str(given.get("gpu_memory_utilization", "")).startswith("above"):
        return "the memory share is not stated as a number"
    for flag in LOST:
        if given.get(flag):
            return f"`{flag}` is not modelled"
    if given.get("pp_layer_partition") and " + " in hardware:
        return "which device holds which layers is not followed"
    if any(given.get(flag) for flag in DRAFTS):
        return "the draft model is not named"
    return ""
