"""What is wrong with a spec and yet does not keep a launch line from starting: it is warned of."""

from __future__ import annotations

import re

from servec.dsl.record import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.dsl.diagnostic import Diagnostic
    from servec.targets.shared.importing.compiled import Outcome
    from servec.targets.shared.importing.read import Imported

DENSE = ("trtllm",)
"""Runtimes that take a width of experts for a model that has none: 1.3.0rc3 tensorrt_llm/mapping.py
asks only that its product with the rest is the tensor width."""
EXPERTS = (" has no experts", " for a dense model")
LOOKS = ("vllm",)
"""Runtimes that look through all variables with their prefix and tell, or refuse, what they do not
know (vllm 0.33.0 platforms/interface.py validate_environ); the others read each by its name.
"""
SHORT = {"sglang": "the cache takes what is left, and longer requests are refused one by one"}
"""Runtimes that start with a cache of less than one context.

sglang 0.5.12.post1 and 0.5.23 srt/model_executor/pool_configurator.py: only a pool of no tokens is
refused; srt/managers/scheduler.py: max_req_len is the least of the context and the pool.
"""


CLAMPS = {"trtllm": "it takes what the model has, says so, and refuses longer requests"}
"""Runtimes that start with the model's own context where more is asked for.

1.3.0rc3 tensorrt_llm/_torch/pyexecutor/model_engine.py _init_max_seq_len and that of builder.py
warn. Recipes of SemiAnalysisAI/InferenceX ask for four too many.
"""
BUILT = "no stock wheel"
"""Why a runtime is refused on a device that a container of somebody else's brings it to: whoever
has a launch line has that (dusty-nv/jetson-containers packages/llm/vllm for Jetson Orin)."""
REGISTERED = ("SRV205", "SRV304", "SRV305", "SRV306", "SRV310")
KERNELS = ("quantization", "attention-backend", "kv-cache-dtype", "moe-", "dtype", "precision.")
"""What a plug-in of a platform may bring: values of these options, and model classes (vllm
0.33.0 vllm/plugins/__init__.py, platforms/interface.py; vllm-ascend registers `ascend`)."""
HANGS = ("SRV208", "SRV305", "SRV307", "SRV309", "SRV310", "SRV4", "SRV5")
"""Codes of findings on how options go together, or on what room they leave."""


def started(item: Diagnostic, line: Imported) -> Diagnostic:
    """The finding as it stands for a launch line."""
    runtime = line.runtime
    if item.severity != "error":
        return item
    unset = " ".join(f"{flag} {word}" for flag, word in line.said.unset if flag)
    if unset and item.code.startswith(HANGS):
        from servec.dsl.diagnostic import Figure

        figures = (*item.figures, Figure("unset", None, f"nothing here sets {unset}"[:200]))
        return replace(item, severity="warning", figures=figures)
    if item.code in REGISTERED and _brought(item) and plug_in(line):
        from servec.dsl.diagnostic import Figure

        figures = (*item.figures, Figure("plug_in", None, f"unless that has it: {plug_in(line)}"))
        return replace(item, severity="warning", figures=figures)
    if item.code == "SRV303" and any(BUILT in (figure.text or "") for figure in item.figures):
        return replace(item, severity="warning")
    if item.code == "SRV202" and any(figure.name == "between" for figure in item.figures):
        return replace(item, severity="warning")
    if item.code == "SRV310" and runtime in DENSE and item.title.endswith(EXPERTS):
        return replace(item, severity="warning")
    if item.code == "SRV201" and runtime not in LOOKS and " reads no variable " in item.title:
        return replace(item, severity="warning")
    if item.code == "SRV309" and runtime in CLAMPS:
        from servec.dsl.diagnostic import Figure

        why = Figure("why", None, CLAMPS[runtime])
        return replace(item, severity="warning", figures=(*item.figures, why))
    if item.code == "SRV307" and runtime in SHORT and _cache_alone(item):
        from servec.dsl.diagnostic import Figure

        figures = (*item.figures, Figure("why", None, SHORT[runtime]))
        title = item.title.replace("does not fit", "does not hold the context")
        return replace(item, severity="warning", title=title[:100], figures=figures)
    return item


def less_brought(outcome: Outcome) -> Outcome:
    """The launch without what its parser refuses and a plug-in of its platform may bring."""
    line = outcome.imported
    kept = tuple(
        (word, why)
        for word, why in line.said.troubles
        if "not among the values" not in why or not any(name in word for name in KERNELS)
    )
    if len(kept) == len(line.said.troubles) or not plug_in(line):
        return outcome
    return replace(outcome, imported=replace(line, said=replace(line.said, troubles=kept)))


def _brought(item: Diagnostic) -> bool:
    return item.code == "SRV306" or any(f"{word}" in item.title for word in KERNELS)


def plug_in(line: Imported) -> str:
    """How the runtime reaches the line's hardware where that is by a plug-in, else ""."""
    from servec.compiler.catalogue.devices import find_device
    from servec.targets.shared.capabilities import load_capabilities

    said = re.search(r"^\s*hardware = (\S+) x ", line.text, re.M)
    device = find_device(said[1]) if said else None
    if device is None or device.any:
        return ""
    how = load_capabilities(line.runtime, line.version).reach.get(device.arch, "")
    return how.partition(":")[2].strip() if "plug-in" in how else ""


def _cache_alone(item: Diagnostic) -> bool:
    """Whether all but the cache fits."""
    sums = {figure.name: figure.value for figure in item.figures}
    kv, needed, usable = (sums.get(name) for name in ("kv", "needed", "usable"))
    if not isinstance(kv, int) or not isinstance(needed, int) or not isinstance(usable, int):
        return False
    return needed - kv < usable
