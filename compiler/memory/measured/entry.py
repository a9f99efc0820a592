"""From one entry of a file of measurements to what was served, as far as the report says it."""

from __future__ import annotations

import re

from servec.compiler.memory.account import Served
from servec.compiler.memory.constants import constants
from servec.compiler.memory.measured.flags import (
    cache_word,
    degrees_of,
    length_of,
    load_of,
    number_of,
)
from servec.compiler.memory.measured.machines import machine
from servec.compiler.memory.measured.names import guessed, named_model, stored
from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from servec.compiler.device import Device
    from servec.compiler.memory.constants import Constants
    from servec.compiler.model import Model, Quant

MIDDLE = {"vllm": "0.19"}
"""What a report without a version is taken for: most of them are from its time."""
RUNTIMES = {"llama.cpp": "llamacpp", "tensorrt-llm": "trtllm", "mlx-lm": "mlx"}
LOST = ("cpu_offload_gb", "pp_layer_partition", "decode_context_parallel")
"""Flags that move memory in ways the sum does not follow."""
DRAFTS = ("dflash", "eagle", "eagle3", "draft", "draft_model")
"""Flags of a draft model that the report does not name."""


@record
class Entry:
    """What a report measured. `served` is None, and `why` says why, where too little is named.

    `share`: what the runtime's memory option said, its default where the report is silent.
    `cacheless`: why nothing beyond the weights can be judged, `countless`: why tokens cannot,
    `layoutless`: why the weights of a rank cannot; "" where they can. `rough` is what may have been
    served where `served` is None but a verdict may still be certain, `slack` the error of its
    weights as a share. `undated`: the version is not named.
    """

    id: str
    runtime: str
    version: str
    served: Served | None
    device: Device | None
    share: float
    why: str = ""
    cacheless: str = ""
    countless: str = ""
    layoutless: str = ""
    stated_length: bool = False
    hardware: str = ""
    rough: Served | None = None
    slack: float = 0.0
    undated: bool = False


def read_entry(row: Mapping[str, object]) -> Entry:
    """The entry of a row of a measurement file; never raises on what a row lacks."""
    runtime = str(row.get("runtime", ""))
    runtime = RUNTIMES.get(runtime, runtime)
    version = str(row.get("version", ""))
    flags = row.get("flags")
    given: dict[str, object] = dict(flags) if isinstance(flags, dict) else {}
    text = str(row.get("hardware", ""))
    device = machine(text)
    dated = _dated(runtime, version)
    table = constants(runtime, dated)
    share = number_of(given, "gpu_memory_utilization", "mem_fraction_static") or table.share
    context = _Context(row, given, runtime, dated, device, table)
    served, why = _served(context)
    rough, slack = (None, 0.0) if served is not None else _rough(context)
    return Entry(
        id=str(row.get("id", "")),
        runtime=runtime,
        version=version,
        served=served,
        device=device,
        share=float(share),
        why=why,
        cacheless=_cacheless(given),
        countless=_countless(served, runtime, dated != version),
        layoutless=_layoutless(served, given, runtime),
        stated_length=bool(number_of(given, "max_model_len", "context_length", "n_ctx")),
        hardware=text,
        rough=rough,
        slack=slack,
        undated=dated != version,
    )


@record
class _Context:
    """A row, read so far."""

    row: Mapping[str, object]
    given: Mapping[str, object]
    runtime: str
    dated: str
    device: Device | None
    table: Constants


def _served(context: _Context) -> tuple[Served | None, str]:
    """What was served, or why that is not known."""
    row, device = context.row, context.device
    name, version = str(row.get("model", "")), str(row.get("version", ""))
    if "ascend" in version or "omni" in version:
        return None, f"{version.split()[0]} is another runtime"
    if "not named" in name or not name:
        return None, "the model is not named"
    model = named_model(name)
    if model is None:
        return None, f"the catalogue has no `{name}`"
    if "gpus" not in row and device is None:
        return None, "the number of devices is not named"
    quant = stored(model, name, str(row.get("precision", "")), context.runtime)
    if isinstance(quant, str):
        return None, quant
    return _as_served(context, model, quant), ""


def _rough(context: _Context) -> tuple[Served | None, float]:
    """What may have been served, as a checkpoint that the catalogue lacks."""
    row = context.row
    name, version = str(row.get("model", "")), str(row.get("version", ""))
    model = named_model(name)
    if model is None or context.device is None or "ascend" in version or "omni" in version:
        return None, 0.0
    found = guessed(model, name, str(row.get("precision", "")))
    return (None, 0.0) if found is None else (_as_served(context, model, found[0]), found[1])


def _as_served(context: _Context, model: Model, quant: Quant) -> Served:
    row, given, device = context.row, context.given, context.device
    mtp = given.get("mtp")
    return Served(
        runtime=context.runtime,
        version=context.dated,
        model=model,
        degrees=degrees_of(row, given, context.runtime),
        load=load_of(given, model, device, context.table, context.runtime),
        quant=quant,
        kv=cache_word(given, context.runtime),
        arch=device.arch if device is not None else "",
        mtp=bool(mtp),
        spec_tokens=1 if mtp is True else int(number_of(given, "mtp") or 0),
        length=length_of(given, model, str(row.get("outcome", ""))),
        host=device is None or not device.unified,
    )


def _dated(runtime: str, version: str) -> str:
    """The version whose figures hold: as stated, else a middle one."""
    return version if re.match(r"b?\d", version) else MIDDLE.get(runtime, "")


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


def _cacheless(given: Mapping[str, object]) -> str:
    if str(given.get("gpu_memory_utilization", "")).startswith("above"):
        return "the memory share is not stated as a number"
    for flag in LOST:
        if given.get(flag):
            return f"`{flag}` is not modelled"
    if any(given.get(flag) for flag in DRAFTS):
        return "the draft model is not named"
    return ""
