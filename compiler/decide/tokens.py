"""How many tokens one forward pass may hold."""

from __future__ import annotations

from servec.compiler.decide import workload
from servec.compiler.plan import Reason

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.target import Case

PATH = "limits.batched_tokens"
USUAL = 8192
"""vLLM 0.33.0 engine/arg_utils.py get_batch_defaults, API server on data-centre GPUs; SGLang
0.5.23 sets `chunked_prefill_size` to the same on 80 GB cards (arg_groups/memory_hook.py)."""
BULK = 16384
"""The same functions for offline use on data-centre GPUs."""
SMALL = 2048
"""The same functions on devices with less than 60 GB; llama.cpp's logical batch (b11549)."""
SMALL_MEMORY = 60 * 10**9


def choose(case: Case, context: int, seqs: int, chunked: bool | None) -> int:
    """The pinned number; else the runtimes' usual one for such a device, within the bounds.

    At least one token for each sequence; without chunked prefill at least a whole context.
    """
    spec = case.spec
    pinned = spec.whole(PATH)
    if pinned is not None:
        return pinned
    wanted = _usual(case)
    if context and not chunked:
        wanted = max(wanted, context)
    wanted = max(wanted, seqs)
    setting = spec.setting(PATH)
    if setting is not None and setting.le is not None:
        wanted = min(wanted, int(str(setting.le.value)))
    if setting is not None and setting.ge is not None:
        wanted = max(wanted, int(str(setting.ge.value)))
    return wanted


def _usual(case: Case) -> int:
    device = case.device
    if device is not None and not device.any and device.memory < SMALL_MEMORY:
        return SMALL
    return BULK if workload.kind(case.spec) in ("batch", "embedding", "rerank") else USUAL


def reason(case: Case, tokens: int) -> Reason | None:
    """Why this number, where the spec does not pin it."""
    if case.spec.pin(PATH) is not None:
        return None
    if tokens == _usual(case):
        return Reason(PATH, f"{tokens}: the runtimes' own default on such a device")
    return Reason(PATH, f"{tokens}: within the bounds, and no less than a pass needs")
