"""`defaults = runtime`: what the spec leaves open is not written, the runtime's own default holds.

A launch that someone already runs says little, and what it leaves out moves with the version. A
spec that is read from it keeps that: the plan still counts with figures, the command has none.
"""

from __future__ import annotations

from servec.compiler.rules.left_out import left_out

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from servec.compiler.target import Case
    from servec.dsl.spec import Spec
    from servec.targets.shared.portable import Portable
    from servec.targets.shared.settings import Settings

ADDRESS = ("api.host", "api.port")
OPEN = (
    *("limits.context", "limits.batch", "limits.batched_tokens", "limits.memory"),
    *("limits.static_memory", "limits.cache_memory", "limits.host_memory", "cache.offload"),
    *("offload.device_layers", "lora.max_active", "lora.max_rank"),
    *("features.prefix_cache", "features.chunked_prefill", "cache.unified"),
    "precision.weights",
    *("precision.kv", "precision.compute", "observe.metrics", "api.name", *ADDRESS),
)
"""Fields with a value that servec would write though nobody stated it."""
DEGREES = ("parallel.tensor", "parallel.pipeline", "parallel.data", "parallel.expert")


def leaves_open(spec: Spec) -> bool:
    """Whether the runtime decides what the spec does not state."""
    return spec.word("defaults") == "runtime"


def stated(spec: Spec, path: str) -> bool:
    """Whether the field is pinned, or nothing is left to the runtime."""
    return spec.pin(path) is not None or not leaves_open(spec)


def open_values(case: Case, values: Mapping[str, Any]) -> dict[str, Any]:
    """`values` less what the runtime decides."""
    left = open_paths(case) | left_out(case).keys()
    return {path: value for path, value in values.items() if path not in left}


def drop_open(case: Case, portable: Portable, settings: Settings) -> None:
    """Take out of a command what only fields say that the runtime decides."""
    left = open_paths(case)
    for name, paths in portable.options().items():
        if all(path in left for path in paths):
            settings.drop(name)


def open_paths(case: Case) -> frozenset[str]:
    """Fields that the runtime decides."""
    spec, plan = case.spec, case.plan
    if not leaves_open(spec):
        return frozenset()
    paths = [path for path in OPEN if not (case.role and path in ADDRESS)]
    native = _native(case)
    if (plan is not None and plan.gpus == 1) or any(path in native for path in DEGREES):
        paths += DEGREES
    return native | {path for path in paths if spec.pin(path) is None}


def _native(case: Case) -> frozenset[str]:
    """Fields that the runtime's own options say: those stand in the command as they are."""
    block = case.spec.on.get(case.target.name)
    if block is None:
        return frozenset()
    names = {option.span for option in block.options}
    pins = ((path, setting.eq) for path, setting in case.spec.settings.items())
    return frozenset(path for path, pin in pins if pin is not None and pin.span in names)
