"""What one step of a layout reads, multiplies and exchanges, before any load is known.

Bytes and seconds at the peak rates of the device; `latency` divides by what is reached of them.
A = attention weights, D = dense and shared feed-forward, E = routed experts, all per device:
attention runs in `data` copies of `tensor` devices; experts lie on all `tensor * data` devices,
whether whole or cut, so that each reads its share of those that are used.
"""

from __future__ import annotations

import math

from servec.compiler.memory.kv import layer_caches
from servec.compiler.memory.sums import sums
from servec.compiler.predict.rates import rate
from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.device import Device
    from servec.compiler.model import LayerGroup, Model, Quant
    from servec.compiler.plan import Degrees
    from servec.compiler.predict.fabric import Fabric


@record
class Shape:
    """One replica, per device. Bytes are read once a step, seconds are for one token at peak.

    `dense`: weights outside of experts and head; `head`; `experts`: all routed experts on the
    device, of which a step reads the share that its tokens use (`used` of `total` each).
    `token`: cache bytes of one token in layers that keep all; `windows`: (bytes of a token, tokens
    kept); `state`: bytes of recurrent state that a step reads and writes. `flops`: seconds per
    token of attention and dense weights, `flops_head`, `flops_expert` (per token of the replica);
    `square`: seconds of attention scores per squared token of a prompt, `strip`: per token and
    token of a window. `reduce`: all-reduce of one token's activations; `exchange`: sending it to
    experts on other devices and back; `hops`: what the collectives of a step wait for the network
    between nodes. `context`: devices that share the tokens of a prompt. `weights`: bytes that lie
    on the device. `spare`: bytes left for the cache by the rule of thumb, where no memory sum is
    at hand.
    """

    layers: int
    moe_layers: int
    tensor: int
    data: int
    stages: int
    spread: bool
    total: int
    used: int
    dense: float
    head: float
    experts: float
    token: float
    windows: tuple[tuple[float, int], ...]
    state: float
    flops: float
    flops_head: float
    flops_expert: float
    square: float
    strip: float
    reduce: float
    exchange: float
    bandwidth: float
    weights: float
    spare: float
    hops: float = 0.0
    context: int = 1

    def cached(self, tokens: float) -> float:
        """Cache bytes that one sequence of that length makes a step read."""
        found = self.token * tokens + self.state
        for size, most in self.windows:
            found += size * min(tokens, most)
        return found


_Key = tuple[int, int, str, "Degrees", int, "Fabric | None"]
_kept: dict[_Key, tuple[Model, Quant, Device, Shape]] = {}

SHARE = 0.92
AROUND = 2e9
"""The rule of thumb for the cache: 92 % of the memory, less weights and 2 GB."""

ELEMENT = 2
"""Bytes of an activation on the links: 16 bit."""


def shape(
    model: Model,
    quant: Quant,
    kv: str,
    degrees: Degrees,
    device: Device,
    fabric: Fabric | None = None,
) -> Shape:
    """The shape of a layout; kept by the identity of model, precision and device.

    `fabric`: the network, where the replica has several nodes.
    """
    key = (id(model), id(quant), kv, degrees, id(device), fabric)
    found = _kept.get(key)
    if found is not None and found[:3] == (model, quant, device):
        return found[3]
    made = _shape(model, quant, kv, degrees, device, fabric)
    if len(_kept) > 512:
        _kept.clear()
    _kept[key] = (model, quant, device, made)
    return made


def _shape(
    model: Model,
    quant: Quant,
    kv: str,
    degrees: Degrees,
    device: Device,
    fabric: Fabric | None,
) -> Shape:
    tensor, data, stages = degrees.tensor, degrees.data, degrees.pipeline
    ranks = tensor * data
    dense, experts = _bytes(model, quant, tensor, ranks)
    parts = sums(model, quant)
    head = parts.embed if parts.tied else parts.head
    head = head / (1 if data > 1 else tensor)
    token, windows, state = _cache(model, kv, degrees)
    weights = (dense + experts) / stages + 2 * head
    moe = next((g.ffn for g in model.groups if g.ffn.kind == "moe"), None)
    slow = _slowest_link(degrees.tensor * degrees.data, degrees, device, fabric)
    near = _slowest_link(degrees.tensor, degrees, device, fabric)
    hidden = model.hidden * ELEMENT
    peak = _Peaks(device, quant)
    return Shape(
        layers=model.layers,
        moe_layers=model.moe_layers,
        tensor=tensor,
        data=data,
        stages=stages,
        spread=degrees.expert > 1,
        total=moe.experts if moe else 0,
        used=moe.used if moe else 0,
        dense=dense,
        head=head,
        experts=experts,
        token=token,
        windows=windows,
        state=state,
        flops=_dense_flops(model, peak, tensor),
        flops_head=2.0 * model.vocab * model.hidden / tensor / peak.of("head"),
        flops_expert=_expert_flops(model, peak, ranks),
        square=_scores(model, tensor, degrees.context, False) / peak.plain,
        strip=_scores(model, tensor, degrees.context, True) / peak.plain,
        reduce=2 * (tensor - 1) / tensor * 2 * model.layers * hidden / near if near else 0.0,
        exchange=2 * model.moe_layers * hidden / slow if data > 1 and slow else 0.0,
        bandwidth=float(device.bandwidth),
        weights=weights,
        spare=SHARE * device.memory - weights - AROUND if device.memory else 0.0,
        hops=_hops(model, degrees, fabric),
        context=degrees.context,
    )


class _Peaks:
    """Operations per second at which each part of a checkpoint is multiplied on a device."""

    def __init__(self, device: Device, quant: Quant) -> None:
        self._device, self._quant = device, quant
        self.plain = rate(device, 16.0, "")

    def of(self, part: str) -> float:
        """The peak for a part (a key of `Quant.bits_of`)."""
        scheme = self._quant.scheme
        if part == "experts" and self._quant.expert_scheme:
            scheme = self._quant.expert_scheme
        return rate(self._device, float(self._quant.bits_of(part)), scheme)


def _bytes(model: Model, quant: Quant, tensor: int, ranks: int) -> tuple[float, float]:
    """Bytes per device outside of experts and head, and of all routed experts; all stages."""
    dense = experts = 0.0
    for g in sums(model, quant).groups:
        heads = max(1, min(tensor, g.kv_heads)) if g.kv_heads else tensor
        layer = g.split / tensor + g.kv / heads + g.whole + g.router
        dense += g.count * (layer + (g.dense + g.shared) / tensor)
        experts += g.count * g.expert * g.experts / ranks
    return dense, experts


def _cache(
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


def _dense_flops(model: Model, peak: _Peaks, tensor: int) -> float:
    """Seconds per token of all weights that every token meets, at peak, on one device."""
    found = 0.0
    for g in model.groups:
        found += g.count * (g.attention.params + g.attention.whole) / peak.of("attention")
        if g.ffn.params:
            found += g.count * g.ffn.params / peak.of("dense")
        if g.ffn.shared_params:
            found += g.count * g.ffn.shared_params / peak.of("shared")
    return 2.0 * found / tensor


def _expert_flops(model: Model, peak: _Peaks, ranks: int) -> float:
    """Seconds per token of the experts it is sent to, at peak, spread over all devices."""
    found = sum(g.count * g.ffn.used * g.ffn.expert_params for g in model.groups)
    return 2.0 * found / peak.of("experts") / ranks if found else 0.0


def _scores(model: Model, tensor: int, context: int, windowed: bool) -> float:
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


def _slowest_link(width: int, degrees: Degrees, device: Device, fabric: Fabric | None) -> float:
    """Bytes per second one way between `width` devices of a replica; 0 where there is one device.

    A group over nodes sends through all adapters of a node at once, each a part.
    """
    if degrees.tensor * degrees.data == 1:
        return 0.0
    link = float(device.link_bandwidth or 16e9)
    return link if fabric is None or width <= fabric.reach else min(link, fabric.bandwidth)


def _hops(model: Model, degrees: Degrees, fabric: Fabric | None) -> float:
    """Seconds that a step waits for the network between nodes, however little it carries."""
    if fabric is None:
        return 0.0
    found = 0.0
    if degrees.tensor > fabric.reach:
        found += 2 * model.layers * math.log2(degrees.tensor / fabric.reach)
    elif degrees.tensor * degrees.data > fabric.reach:
        found += 2 * model.moe_layers * math.log2(degrees.tensor * degrees.data / fabric.reach)
    return fabric.hop * (found + degrees.pipeline - 1)
