"""What latent attention kept in llama.cpp before it was cached as it is: every head, K and V."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from servec.compiler.device import Device
    from servec.compiler.model import Model
    from servec.dsl.spec import Spec
    from servec.targets.shared.past.line import Past

ABSORBED = "b5100"
"""The last build read before ggml-org/llama.cpp#12801, which caches latents."""
BYTES = {"f32": 4.0, "f16": 2.0, "bf16": 2.0, "q8_0": 34 / 32, "q4_0": 18 / 32, "q4_1": 20 / 32}
GPU_LAYERS = ("n-gpu-layers", "gpu-layers", "ngl")


def expanded_trouble(
    past: Past, spec: Spec, model: Model | None, device: Device | None
) -> Iterator[tuple[str, str]]:
    """Title and reason where the cache alone exceeds the GPUs that are to hold all layers."""
    from servec.compiler.options.versions import order

    said = {use.flag.lstrip("-"): use.values for use in past.uses}
    late = order(past.release.version) > order(ABSORBED)
    if past.release.runtime != "llamacpp" or late or model is None or not model.mla:
        return
    context = spec.whole("limits.context") or 0
    layers = next((said[name][0] for name in GPU_LAYERS if said.get(name)), "")
    on_gpus = layers.isdigit() and int(layers) > model.layers
    host = {"no-kv-offload", "nkvo", "device", "dev", "rpc"} & said.keys()
    if device is None or not device.memory or not on_gpus or host or not context:
        return
    count = past.hardware.rpartition(" x ")[2]
    room = device.memory * (int(count) if count.isdigit() else 1) / 2**30
    need = sum(
        context * group.count * group.attention.heads * _width(group.attention, said)
        for group in model.groups
    )
    if need / 2**30 > room:
        title = f"{need / 2**30:.0f} GiB of cache needed, {room:.0f} GiB on the GPUs"
        yield title, f"{context} tokens with every head of K and V: latents are cached later"


def _width(attention: object, said: dict[str, tuple[str, ...]]) -> float:
    """Bytes of one head and token."""
    width = 0.0
    for part, long, short in (
        ("head_dim", "cache-type-k", "ctk"),
        ("v_head_dim", "cache-type-v", "ctv"),
    ):
        words = said.get(long) or said.get(short) or ("f16",)
        width += getattr(attention, part) * BYTES.get(words[0], 0.0)
    return width
