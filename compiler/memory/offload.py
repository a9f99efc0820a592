"""What the spec leaves in the host's memory: weights by bytes, whole layers, experts.

llama.cpp b11549 src/llama-model.cpp load_tensors: the devices take the last layers, the output
counts as one more after them (`--gpu-layers`), and a layer's cache lies where the layer does; the
experts of the first layers stay behind with `--n-cpu-moe`, common/arg.cpp. vllm 0.33.0
config/offload.py and sglang 0.5.23 srt/utils/offloader.py take bytes off each device.
"""

from __future__ import annotations

from servec.dsl.record import record, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Set

    from servec.compiler.memory.kv import LayerCache
    from servec.compiler.memory.sums import GroupBytes, Sums
    from servec.dsl.spec import Spec


@record
class Offload:
    """`weights`: bytes of each device. `layers`: those on the devices, None for all. `experts`: the
    first layers whose experts stay, -1 for all.
    """

    weights: int = 0
    layers: int | None = None
    experts: int = 0


def offload_of(spec: Spec, paths: Set[str]) -> Offload | None:
    """What the spec keeps on the host by those of its fields; None where that is nothing."""
    experts = 0
    if "offload.experts" in paths and spec.flag("offload.experts"):
        experts = -1
    elif "offload.expert_layers" in paths:
        experts = spec.whole("offload.expert_layers") or 0
    weights = spec.whole("offload.weights") if "offload.weights" in paths else 0
    layers = spec.whole("offload.device_layers") if "offload.device_layers" in paths else None
    found = Offload(weights or 0, layers, experts)
    return found if found != Offload() else None


def on_devices(
    parts: Sums, layers: tuple[LayerCache, ...], offload: Offload
) -> tuple[Sums, tuple[LayerCache, ...]]:
    """The sums and layer caches of what the devices hold; both have as many groups.

    A layer whose experts stay behind is of a group of its own.
    """
    count = len(parts.order)
    first = 0 if offload.layers is None else max(0, count + 1 - offload.layers)
    bare = count if offload.experts < 0 else offload.experts
    size = len(parts.groups)
    held = list(enumerate(parts.order))[first:]
    order = tuple(group + size * (place < bare) for place, group in held)
    groups = (*parts.groups, *(_without_experts(group) for group in parts.groups))
    counted = tuple(replace(g, count=order.count(place)) for place, g in enumerate(groups))
    output = first <= count
    made = replace(
        parts,
        groups=counted,
        order=order,
        head=parts.head if output else 0.0,
        other=parts.other if output else 0.0,
        tied=parts.tied and output,
    )
    return made, (*layers, *layers)


def _without_experts(group: GroupBytes) -> GroupBytes:
    return replace(group, experts=0, expert=0.0) if group.experts else group
