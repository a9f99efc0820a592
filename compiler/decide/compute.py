"""The type of the arithmetic on what is not quantised."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.target import Case

FLOATS = ("bf16", "fp16", "fp32")


def compute(case: Case, weights: str) -> str | None:
    """The 16-bit (or 32-bit) word: pinned, served, or the checkpoint's; None of no known model.

    A quantised checkpoint in BF16 is computed in FP16 on devices that have no BF16 in the runtime
    (vllm 0.33.0 vllm/config/model.py _get_and_verify_dtype, `auto`).
    """
    pinned = case.spec.word("precision.compute")
    if pinned or weights in FLOATS:
        return pinned or weights
    if case.model is None:
        return None
    word, device = case.model.bits16, case.device
    if word != "bf16" or device is None or case.capabilities.unread(device):
        return word
    able = case.capabilities.precisions
    known = able.get("bf16"), able.get("fp16")
    if known[0] is None or known[1] is None or device.arch in known[0].native | known[0].emulated:
        return word
    return "fp16" if device.arch in known[1].native else word
