"""Whether KV is kept and reused between requests."""

from __future__ import annotations

from servec.compiler.decide import workload
from servec.compiler.plan import Reason

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.target import Case

PATH = "features.prefix_cache"


def choose(case: Case) -> bool | None:
    """What the spec says; else on where the runtime has it and prompts can share a prefix."""
    said = case.spec.flag(PATH)
    if said is not None:
        return said
    if "prefix_cache" not in case.capabilities.features:
        return None
    if workload.one_pass(case.spec):
        return None
    return not _chunkless(case) and not _unkept(case)


def _unkept(case: Case) -> bool:
    """Whether the runtime keeps no recurrent state, and the spec does not leave that to it."""
    recurrent = case.model is not None and case.model.hybrid
    left = case.spec.word("defaults") == "runtime"
    apart = any({"prefix_cache", "recurrent"} == {*pair[:2]} for pair in case.capabilities.excludes)
    return apart and recurrent and not left


def _chunkless(case: Case) -> bool:
    """Whether a recurrent state would have to be kept without chunks, between which it is saved.

    Source: vllm 0.33.0 vllm/model_executor/models/config.py (chunked prefill is required).
    """
    recurrent = case.model is not None and case.model.hybrid
    return recurrent and case.spec.flag("features.chunked_prefill") is False


def reason(case: Case, on: bool | None) -> Reason | None:
    """Why, where the spec does not say it."""
    if case.spec.flag(PATH) is not None or on is None:
        return None
    if not on and _unkept(case):
        return Reason(PATH, f"off: {case.target.name} keeps no recurrent state")
    if not on:
        return Reason(PATH, "off: a recurrent state is kept between chunks alone")
    share = case.spec.number("workload.prefix_share")
    if share:
        return Reason(PATH, f"on: {float(share):.0%} of a prompt was seen before")
    turns = case.spec.whole("workload.turns") or 1
    if turns > 1:
        return Reason(PATH, f"on: {turns} requests of a session begin alike")
    return Reason(PATH, "on: costs next to nothing where no prefix is shared")
