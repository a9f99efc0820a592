"""The paths of a spec that the conditions of a runtime's rule look at."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

HANGS = {
    "plan": ("hardware", "nodes"),
    "plan.kv": ("precision",),
    "plan.compute": ("precision",),
    "plan.weights": ("precision.weights",),
    "plan.load": ("precision.weights",),
    "plan.context": ("limits",),
    "plan.batch": ("limits",),
    "plan.batched_tokens": ("limits",),
    "plan.prefix_cache": ("features.prefix_cache",),
    "plan.chunked_prefill": ("features.chunked_prefill",),
    "plan.draft_tokens": ("features",),
    "model": ("precision.weights",),
    "draft": ("features.draft",),
    "device": ("hardware",),
    "opt": ("on",),
    "on": ("on",),
    "adapters": ("lora",),
}
"""What the names of a condition that are no paths of the spec are decided by."""


def hangs(names: Iterable[str]) -> tuple[str, ...]:
    """The paths without repetition, in the order of the names; a plain path stands for itself."""
    found: dict[str, None] = {}
    for name in names:
        for path in HANGS.get(name) or HANGS.get(name.partition(".")[0], (name,)):
            found[path] = None
    return tuple(found)
