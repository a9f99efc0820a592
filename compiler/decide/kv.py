"""The type of the KV cache."""

from __future__ import annotations

from servec.compiler.decide import workload
from servec.compiler.plan import Reason

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.target import Case

PATH = "precision.kv"
WIDE = ("bf16", "fp16")
SMALL = ("fp8", "q8_0")
"""What an open cache type falls back to where 16 bits do not fit, in this order."""


def choose(case: Case, scheme: str = "") -> str:
    """The pinned type; else the checkpoint's own; else the runtime's own or that computed in.

    `scheme` is the one that is served: a checkpoint cast to another 16-bit type has its cache in
    that type, too (vllm 0.33.0 config/vllm.py refuses two different ones).
    """
    said = case.spec.word(PATH)
    if said is not None:
        return said
    model = case.model
    if model is not None and model.quant.kv and runs(case, model.quant.kv):
        return model.quant.kv
    unasked = case.capabilities.kv_default
    if unasked and runs(case, unasked):
        return unasked
    wide = case.spec.word("precision.compute") or (scheme if scheme in WIDE else "")
    if wide not in WIDE and not (wide and runs(case, wide)):
        wide = model.bits16 if model is not None else "bf16"
    for word in (wide, "bf16", "fp16", "f16"):
        if runs(case, word):
            return word
    return wide


def smaller(case: Case) -> str:
    """The narrower type that may be tried where the cache does not fit; "" if none is open, as
    where the runtime's own default holds. Requests of one pass keep no cache to be narrowed.
    """
    spec = case.spec
    if spec.setting(PATH) is not None or spec.word("defaults") == "runtime":
        return ""
    if workload.one_pass(spec):
        return ""
    now = choose(case)
    return next((word for word in SMALL if word != now and runs(case, word)), "")


def runs(case: Case, word: str) -> bool:
    """Whether the runtime keeps a cache of that type on the device."""
    support = case.capabilities.kv.get(word)
    if support is None:
        return False
    if case.device is None or case.capabilities.unread(case.device):
        return True
    return case.device.arch in support.native or case.device.arch in support.emulated


def reason(case: Case, word: str) -> Reason | None:
    """Why this type, where the spec does not say it."""
    if case.spec.setting(PATH) is not None:
        return None
    if case.model is not None and word == case.model.quant.kv:
        return Reason(PATH, f"the checkpoint carries scales for a {word} cache")
    if word in SMALL:
        return Reason(PATH, f"{word}: a 16-bit cache does not fit the stated load")
    if word == case.spec.word("precision.compute") and word not in WIDE:
        return Reason(PATH, f"{word}: the type of the arithmetic")
    return Reason(PATH, f"{word}: 16 bits lose nothing, and they fit")
