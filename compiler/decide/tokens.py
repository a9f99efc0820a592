"""How many tokens one forward pass may hold."""

from __future__ import annotations

from servec.compiler.decide import workload
from servec.compiler.plan import Reason

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.target import Case

PATH = "limits.batched_tokens"
GIB = 2**30
SERVED = ((160 * GIB, 16384), (70 * GIB, 8192), (35 * GIB, 4096), (0, 2048))
"""Tokens by the memory of a device, for a server. vllm 0.33.0 engine/arg_utils.py
get_batch_defaults: 16384 from 160 GiB, 8192 from 70 GiB, else 2048; sglang 0.5.23
srt/arg_groups/memory_hook.py: 8192 from 60 GiB to 160 GiB, 4096 from 20 GiB, 2048 below."""
BULK = ((70 * GIB, 16384), (0, 8192))
"""The same for work without a latency to keep (vLLM's `LLM_CLASS`)."""


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
    if case.capabilities.tokens:
        return case.capabilities.tokens
    device = case.device
    unknown = device is None or ((device.any or device.bare) and not device.memory)
    memory = 80 * GIB if device is None or unknown else device.memory
    bulk = workload.kind(case.spec) in ("batch", "embedding", "rerank")
    edge = case.device is not None and case.device.edge
    table = BULK if bulk and not edge else SERVED
    return next(tokens for least, tokens in table if memory >= least)


def reason(case: Case, tokens: int) -> Reason | None:
    """Why this number, where the spec does not pin it."""
    if case.spec.pin(PATH) is not None:
        return None
    if tokens == _usual(case):
        return Reason(PATH, f"{tokens}: the runtimes' own default on such a device")
    return Reason(PATH, f"{tokens}: within the bounds, and no less than a pass needs")
