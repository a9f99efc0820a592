"""What a step reads and multiplies on one device: bytes of weights and cache, seconds at peak."""

from __future__ import annotations

from servec.compiler.memory.kv import layer_caches
from servec.compiler.memory.sums import sums
from servec.compiler.predict.rates import rate

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.device import Device
    from servec.compiler.model import LayerGroup, Model, Quant
    from servec.compiler.plan import Degrees


class Peaks:
    """Operations per second at which each part of a checkpoint is multiplied on a device."""

    def __init__(self, device: Device, quant: Quant) -> None:
        """`plain`: the peak for 16 bits."""
        self._device, self._quant = device, quant
        self.plain = rate(device, 16.0, "")

    def of(self, part: str) -> float:
        """The peak for a part (a key of `Quant.bits_of`)."""
        scheme = self._quant.scheme
        if part == "experts" and self._quant.expert_scheme:
            scheme = self._quant.expert_scheme
        return rate(self._device, float(self._quant.bits_of(part)), scheme)


def weight_bytes(model: Model, quant: Quant, tensor: int, ranks: int) -> tuple[float, float]:
    """Bytes per device outside of experts and head, and of all routed experts; all stages."""
    dense = experts = 0.0
    for g in sums(model, quant).groups:
        heads = max(1, min(tensor, g.kv_heads)) if g.kv_heads else tensor
        layer = g.split / tensor + g.kv / heads + g.whole + g.router
        dense += g.count * (layer + (g.dense + g.shared) / tensor)
        experts += g.count * g.expert * g.experts / ranks
    return dense, experts


def cache_bytes(
    model: Model, kv: str, degrees: Degrees
) -> tuple[float, tuple[tuple[float, int], ...], float]:
    """Cache bytes of a token in layers that keep all, in those with a window, and state bytes."""
    token = state = 0.0
    windows: dict[int, float] = {}
    layers = layer_caches(model, kv, degrees.tensor, degrees.context)
    for group, layer in zip(model.groups, layers, strict=True):
        state += 2 * group.count * layer.state
        most = layer.window or group.attention.topk
        if most:
            windows[most] = windows.get(most, 0.0) + group.count * layer.token
        else:
            token += group.count * layer.token
        if layer.side:
            side = layer.side_window
            windows[side] = windows.get(side, 0.0) + group.count * layer.side
    return token, tuple((size, most) for most, size in sorted(windows.items())), state


def dense_flops(model: Model, peak: Peaks, tensor: int) -> float:
    """Seconds per token of all weights that every token meets, at peak, on one device."""
    found = 0.0
    for g in model.groups:
        found += g.count * (g.attention.params + g.attention.whole) / peak.of("attention")
        if g.ffn.params:
            found += g.count * g.ffn.params / peak.of("dense")
        if g.ffn.shared_params:
            found += g.count * g.ffn.shared_params / peak.of("shared")
    return 2.0 * found / tensor


def expert_flops(model: Model, peak: Peaks, ranks: int) -> float:
    """Seconds per token of the experts it is sent to, at peak, spread over all devices."""
    found = sum(g.count * g.ffn.used * g.ffn.expert_params for g in model.groups)
    return 2.0 * found / peak.of("experts") / ranks if found else 0.0


def scores(model: Model, tensor: int, context: int, windowed: bool) -> float:
    """Operations of scores and weighted sums: per squared token (causal), or per token and window
    token, on one device."""
    return sum(
        g.count * _score_width(g) * (2.0 if not windowed else 4.0 * g.attention.window)
        for g in model.groups
        if g.attention.kind in ("full", "mla", "window", "chunked")
        and bool(g.attention.window) == windowed
    ) / (tensor * context)


def _score_width(group: LayerGroup) -> float:
    """Query heads times the mean width of a key and a value."""
    a = group.attention
    if a.kind == "mla":
        return a.heads * (a.nope_dim + a.rope_dim + a.v_head_dim) / 2
    return a.heads * (a.head_dim + (a.v_head_dim or a.head_dim)) / 2
