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
    """Whether the runtime reuses nothing of this model, and the spec does not leave that to it."""
    model = case.model
    if model is None or case.spec.word("defaults") == "runtime":
        return False
    kinds = {model.architecture, "recurrent" if model.hybrid else ""}
    pairs = ({*pair[:2]} for pair in case.capabilities.excludes)
    return any("prefix_cache" in pair and pair & kinds for pair in pairs)


def _chunkless(case: Case) -> bool:
    """Whether a recurrent state would have to be kept without chunks, between which it is saved.

    Source: vllm 0.33.0 vllm/model_executor/models/config.py (chunked prefill is required).
    """
    return _hybrid(case) and case.spec.flag("features.chunked_prefill") is False


def _hybrid(case: Case) -> bool:
    return case.model is not None and case.model.hybrid


def reason(case: Case, on: bool | None) -> Reason | None:
    """Why, where the spec does not say it."""
    if case.spec.flag(PATH) is not None or on is None:
        return None
    if not on and _unkept(case):
        what = "keeps no recurrent state" if _hybrid(case) else "reuses no cache of this model"
        return Reason(PATH, f"off: {case.target.name} {what}")
    if not on:
        return Reason(PATH, "off: a recurrent state is kept between chunks alone")
    share = case.spec.number("workload.prefix_share")
    if share:
        return Reason(PATH, f"on: {float(share):.0%} of a prompt was seen before")
    turns = case.spec.whole("workload.turns") or 1
    if turns > 1:
        return Reason(PATH, f"on: {turns} requests of a session begin alike")
    return Reason(PATH, "on: costs next to nothing where no prefix is shared")
