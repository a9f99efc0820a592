"""What latent attention kept before it was cached as it is: every head, K and V.

`expanded` of `past_rows.json`: `last`, the last release that did so; `layers`, the options that
count the layers on the GPUs, and `host`, those that leave the cache elsewhere; `types`, the options
of the cache's types, K's and V's, with `widths`, the bytes of an element of each.
"""

from __future__ import annotations

from servec.dsl.whole import whole
from servec.targets.shared.past.ways import way_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from servec.compiler.device import Device
    from servec.compiler.model import Attention, Model
    from servec.dsl.spec import Spec
    from servec.targets.shared.past.line import Past

USUAL = "f16"
"""The type of a cache that no option states."""


def expanded_trouble(
    past: Past, spec: Spec, model: Model | None, device: Device | None
) -> Iterator[tuple[str, str]]:
    """Title and reason where the cache alone exceeds the GPUs that are to hold all layers."""
    from servec.compiler.options.versions import order

    way = way_of(past.release, "expanded")
    if not way or order(past.release.version) > order(way["last"]) or model is None:
        return
    said = {use.flag.lstrip("-"): use.values for use in past.uses}
    context = spec.whole("limits.context") or 0
    layers = next((said[name][0] for name in way["layers"] if said.get(name)), "")
    on_gpus = (whole(layers) or 0) > model.layers
    host = set(way["host"]) & said.keys()
    if not model.mla or device is None or not device.memory or not on_gpus or host or not context:
        return
    count = past.hardware.rpartition(" x ")[2]
    room = device.memory * (whole(count) or 1) / 2**30
    need = sum(
        context * group.count * group.attention.heads * _width(group.attention, said, way)
        for group in model.groups
    )
    if need / 2**30 > room:
        title = f"{need / 2**30:.0f} GiB of cache needed, {room:.0f} GiB on the GPUs"
        yield title, f"{context} tokens with every head of K and V: latents are cached later"


def _width(
    attention: Attention, said: Mapping[str, tuple[str, ...]], way: Mapping[str, Any]
) -> float:
    """Bytes of one head and token; none of a type whose width is not known."""
    parts = (attention.head_dim, attention.v_head_dim)
    width = 0.0
    for part, names in zip(parts, way["types"], strict=True):
        words = next((said[name] for name in names if said.get(name)), (USUAL,))
        width += part * way["widths"].get(words[0], 0.0)
    return width
