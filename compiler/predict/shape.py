"""What one step of a layout reads, multiplies and exchanges, before any load is known.

Bytes and seconds at the peak rates of the device; `latency` divides by what is reached of them.
A = attention weights, D = dense and shared feed-forward, E = routed experts, all per device:
attention runs in `data` copies of `tensor` devices; experts lie on all `tensor * data` devices,
whether whole or cut, so that each reads its share of those that are used.
"""

from __future__ import annotations

import math

from servec.compiler.memory.sums import sums
from servec.compiler.predict.work import (
    Peaks,
    cache_bytes,
    dense_flops,
    expert_flops,
    scores,
    weight_bytes,
)
from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.device import Device
    from servec.compiler.model import Model, Quant
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
    dense, experts = weight_bytes(model, quant, tensor, ranks)
    parts = sums(model, quant)
    head = parts.embed if parts.tied else parts.head
    head = head / (1 if data > 1 else tensor)
    token, windows, state = cache_bytes(model, kv, degrees)
    weights = (dense + experts) / stages + 2 * head
    moe = next((g.ffn for g in model.groups if g.ffn.kind == "moe"), None)
    slow = _slowest_link(degrees.tensor * degrees.data, degrees, device, fabric)
    near = _slowest_link(degrees.tensor, degrees, device, fabric)
    hidden = model.hidden * ELEMENT
    peak = Peaks(device, quant)
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
        flops=dense_flops(model, peak, tensor),
        flops_head=2.0 * model.vocab * model.hidden / tensor / peak.of("head"),
        flops_expert=expert_flops(model, peak, ranks),
        square=scores(model, tensor, degrees.context, False) / peak.plain,
        strip=scores(model, tensor, degrees.context, True) / peak.plain,
        reduce=2 * (tensor - 1) / tensor * 2 * model.layers * hidden / near if near else 0.0,
        exchange=2 * model.moe_layers * hidden / slow if data > 1 and slow else 0.0,
        bandwidth=float(device.bandwidth),
        weights=weights,
        spare=SHARE * device.memory - weights - AROUND if device.memory else 0.0,
        hops=_hops(model, degrees, fabric),
        context=degrees.context,
    )


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
