"""All ways to split a replica over its devices that the spec admits, most promising first."""

from __future__ import annotations

from functools import lru_cache
from itertools import islice

from servec.compiler.plan import Degrees

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from servec.compiler.device import Device
    from servec.compiler.model import Model
    from servec.compiler.target import Case
    from servec.dsl.spec import Spec

MOST = 48
"""Layouts kept for one deployment: past these, the order has long left what could be chosen."""

RDMA = ("infiniband", "roce")
MOST_MADE = 5000
"""Layouts that are made before they are ordered; 1024 devices have fewer than that."""
PCIE_CARDS = 4
"""Cards without a fast link over which an all-reduce still pays: it runs at 26 to 55 GB/s there,
and the runtimes' guides advise pipeline stages above 2 to 4 cards (vLLM parallelism_scaling.md)."""

HOST = 8
"""Devices that one host's fast link joins at most; a wider domain is a rack (NVL72: 72)."""


@lru_cache(maxsize=256)
def divisors(number: int) -> tuple[int, ...]:
    """The divisors of a positive number, in order."""
    low = [n for n in range(1, int(number**0.5) + 1) if number % n == 0]
    return tuple(low + [number // n for n in reversed(low) if n * n != number])


def splits_heads(model: Model, tensor: int) -> bool:
    """Whether `tensor` divides the query heads, and the KV heads one way or the other."""
    if model.heads % tensor:
        return False
    kv = model.kv_heads
    return model.mla or not kv or kv % tensor == 0 or tensor % kv == 0


_kept: dict[tuple[int, int, int, int], tuple[Spec, Model | None, tuple[Degrees, ...]]] = {}


def layouts(
    spec: Spec, model: Model | None, device: Device | None, nodes: int, per_node: int
) -> tuple[Degrees, ...]:
    """Every legal product of degrees over `nodes` x `per_node` devices, best first.

    Legal here is what holds for every runtime: the product, the heads, no more stages than layers,
    an expert degree that divides tensor x data. What the spec pins or bounds is obeyed; `context`
    stays 1 and a dense model's `expert` too unless the spec names them. Kept by the identity of
    spec and model, as each runtime asks for the same.
    """
    key = (id(spec), id(model), nodes, per_node)
    known = _kept.get(key)
    if known is not None and known[0] is spec and known[1] is model:
        return known[2]
    found = list(islice(_degrees(spec, model, nodes * per_node, device), MOST_MADE))
    if len(found) > 1:
        order = Order(spec, model, device, nodes, per_node)
        found.sort(key=order.key)
    if len(_kept) > 64:
        _kept.clear()
    made = tuple(found[:MOST])
    _kept[key] = (spec, model, made)
    return made


def possible(spec: Spec, model: Model | None, gpus: int, device: Device | None) -> bool:
    """Whether any layout over so many devices is legal."""
    return next(_degrees(spec, model, gpus, device), None) is not None


def products(spec: Spec, gpus: int) -> Iterator[tuple[int, int, int, int]]:
    """Tensor, pipeline, data and context that fill `gpus` devices as the spec admits."""
    for context in _open(spec, "context", gpus, only_one=True):
        rest = gpus // context
        for tensor in _open(spec, "tensor", rest):
            for pipeline in _open(spec, "pipeline", rest // tensor):
                data = rest // tensor // pipeline
                if spec.admits("parallel.data", data):
                    yield tensor, pipeline, data, context


def _degrees(
    spec: Spec, model: Model | None, gpus: int, device: Device | None
) -> Iterator[Degrees]:
    # on CPUs runtimes pad heads to the ranks: what is stated is left to the rules of each
    stated = spec.whole("parallel.tensor") if device is not None and device.kind == "cpu" else None
    for tensor, pipeline, data, context in products(spec, gpus):
        whole = model is None or tensor == stated or splits_heads(model, tensor)
        if whole and (model is None or pipeline <= model.layers):
            for expert in _experts(spec, model, tensor * data):
                yield Degrees(tensor, pipeline, data, context, expert)


def _open(spec: Spec, name: str, number: int, only_one: bool = False) -> tuple[int, ...]:
    """The divisors of `number` that the spec admits for a degree."""
    setting = spec.setting("parallel." + name)
    if setting is None:
        return (1,) if only_one else divisors(number)
    return tuple(n for n in divisors(number) if spec.admits("parallel." + name, n))


def _experts(spec: Spec, model: Model | None, width: int) -> tuple[int, ...]:
    """Expert degrees: all that divide `width` if the spec bounds them, else none, half or all."""
    setting = spec.setting("parallel.expert")
    if setting is not None:
        return tuple(n for n in divisors(width) if spec.admits("parallel.expert", n))
    if model is None or not model.experts or width == 1:
        return (1,)
    return tuple(
        n for n in divisors(width) if n in (1, width) or (width <= 16 and model.experts % n == 0)
    )


class Order:
    """Which layout to try first, before anything is predicted: cheap, and the same for all.

    Splits that leave the fast link come last. Nodes are pipeline stages, but a mixture of experts
    spreads its experts over them where the fabric has RDMA (sglang and vllm guides to wide EP).
    Of the rest, dense models start at the narrowest tensor split that leaves half the memory to
    the cache, mixtures of experts at whole experts over all devices.
    """

    def __init__(
        self, spec: Spec, model: Model | None, device: Device | None, nodes: int, per_node: int
    ) -> None:
        """Work out the aims once for a spec."""
        self.link = fast_link(spec, device, nodes, per_node)
        self.moe = bool(model and model.experts)
        wide = self.moe and spec.word("fabric") in RDMA
        self.stages = 1 if wide or self.link >= nodes * per_node else nodes
        self.blocks = bool(model and model.quant.block[0])
        self.split_kv = bool(model and model.mla)
        self.kv = model.kv_heads if model else 0
        self.aim = _aim(model, device, nodes * per_node)
        load = spec.whole("workload.concurrency") or 0
        self.many = load >= 16 * nodes * per_node

    def key(self, degrees: Degrees) -> tuple[int, ...]:
        """Sort key of a layout, smaller is tried first; unique for each layout."""
        tensor, data, expert = degrees.tensor, degrees.data, degrees.expert
        width = tensor * data
        stages = abs(degrees.pipeline - self.stages)
        copies = tensor > self.kv > 0 and not self.split_kv
        if self.moe:
            whole = expert == width and (width >= 8 or self.blocks or self.split_kv)
            prefer = data if self.split_kv and self.many else tensor
            aim = (0 if whole or (expert == 1 and width < 8) else 1 if expert == 1 else 2, -prefer)
        else:
            aim = (abs(tensor.bit_length() - self.aim.bit_length()), int(copies))
        return (int(tensor > self.link), stages, *aim, -tensor, degrees.pipeline, data, -expert)


def _aim(model: Model | None, device: Device | None, gpus: int) -> int:
    """The narrowest split that leaves half of a device's memory to the cache."""
    if model is None or device is None or not device.memory:
        return gpus
    bits = model.quant.bits or 16
    half = device.memory / 2
    size = model.total * float(bits) / 8
    return next((n for n in divisors(gpus) if size / n <= half), gpus)


def fast_link(spec: Spec, device: Device | None, nodes: int, per_node: int) -> int:
    """How many devices of a replica reach each other over the fast link.

    One rack is one domain where its devices are made for that and the fabric says so (`nvl72`) or
    is not stated; else the domain ends with the node.
    """
    if device is None or device.any or device.bare:
        return per_node
    fabric = spec.word("fabric") or "auto"
    domain = device.domain
    if domain > HOST and nodes > 1 and fabric in ("auto", "nvl72"):
        return domain
    return min(domain if domain > 1 else PCIE_CARDS, per_node)


def nearest_products(
    spec: Spec, model: Model | None, gpus: int
) -> tuple[int, int, int, int] | None:
    """Degrees that fill `gpus` devices, nearest to what the spec says, which nothing satisfies.

    Nearest: fewest relations broken, then the smallest factors; None where no split is legal.
    """
    best: tuple[tuple[int, float, int], tuple[int, int, int, int]] | None = None
    said = {n: spec.whole("parallel." + n) or 1 for n in ("tensor", "pipeline", "data", "context")}
    for tensor in divisors(gpus):
        if model is not None and not splits_heads(model, tensor):
            continue
        for pipeline in divisors(gpus // tensor):
            found = (tensor, pipeline, gpus // tensor // pipeline, 1)
            broken = sum(
                not spec.admits("parallel." + name, value)
                for name, value in zip(said, found, strict=True)
            )
            far = sum(max(a, b) / min(a, b) for a, b in zip(said.values(), found, strict=True))
            key = (
                broken,
                far + (pipeline > 1 and "parallel.pipeline" not in spec.settings),
                -tensor,
            )
            if best is None or key < best[0]:
                best = (key, found)
    return best[1] if best else None


def leaves_link(case: Case, degrees: Degrees) -> bool:
    """Whether the tensor split is wider than the fast link, or straddles the nodes it ends with."""
    if case.device is None or case.device.any or degrees.tensor == 1:
        return False
    link = fast_link(case.spec, case.device, case.nodes, case.devices_per_node)
    straddles = case.nodes > 1 and link <= case.devices_per_node
    return degrees.tensor > link or (straddles and case.devices_per_node % degrees.tensor != 0)
