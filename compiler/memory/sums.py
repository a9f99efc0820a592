"""A model's bytes by part and group of layers, added up once for all plans."""

from __future__ import annotations

from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.model import LayerGroup, Model, Quant


@record
class GroupBytes:
    """Bytes of one layer of a group, as stored. `count` layers of the model are like it.

    `split` is cut by tensor parallelism evenly; `kv` are the key and value projections, which are
    copied where there are fewer heads than ranks; `whole` each rank keeps. `expert` is one routed
    expert. `absorbed`: the 16-bit copy of MLA's up-projection that some runtimes keep beside it.
    """

    count: int
    split: float
    kv: float
    kv_heads: int
    whole: float
    dense: float
    dense_width: int
    shared: float
    router: float
    expert: float
    experts: int
    expert_width: int
    absorbed: float


@record
class Sums:
    """All bytes of a model in one precision, and the group of each layer in order."""

    groups: tuple[GroupBytes, ...]
    order: tuple[int, ...]
    embed: float
    head: float
    tied: bool
    vocab: int
    hidden: int
    other: float
    other_big: float
    vision: float
    vision_heads: int
    mtp: float
    expert_scheme: str

    @property
    def total(self) -> float:
        """Bytes of everything that a server loads, once, without draft layers."""
        layers = sum(
            g.count
            * (g.split + g.kv + g.whole + g.dense + g.shared + g.router + g.expert * g.experts)
            for g in self.groups
        )
        return layers + self.embed + self.head + self.other + self.other_big + self.vision


BIG = 50_000_000
"""Weights outside of layers from which on they are lookup tables that ranks share, not norms."""

TOWER = 0.15
"""No tower of the catalogue is a larger share of its model (Llama-3.2-11B-Vision: 0.12)."""

_kept: dict[tuple[int, int], tuple[Model, Quant, Sums]] = {}


def sums(model: Model, quant: Quant | None = None) -> Sums:
    """The sums of `model`, in its own precision or in `quant`. Kept by the identity of both."""
    quant = quant or model.quant
    key = (id(model), id(quant))
    found = _kept.get(key)
    if found is not None and found[0] is model and found[1] is quant:
        return found[2]
    made = _add_up(model, quant)
    if len(_kept) > 256:
        _kept.clear()
    _kept[key] = (model, quant, made)
    return made


def _add_up(model: Model, quant: Quant) -> Sums:
    def size(part: str, params: float) -> float:
        return params * float(quant.bits_of(part)) / 8

    big = model.other_params > BIG
    other = size("other", model.other_params)
    return Sums(
        groups=tuple(_group(model, quant, group) for group in model.groups),
        order=order(model),
        embed=size("embed", model.embed_params),
        head=size("head", model.head_params),
        tied=model.tied or not model.head_params,
        vocab=model.vocab,
        hidden=model.hidden,
        other=0.0 if big else other,
        other_big=other if big else 0.0,
        vision=size("vision", model.vision_params or _tower(model)),
        vision_heads=model.vision_heads,
        mtp=size("mtp", model.mtp_params),
        expert_scheme=quant.expert_scheme or quant.scheme,
    )


def _tower(model: Model) -> int:
    """Weights of an image or audio tower whose layout is not counted.

    It is what the published total has over the counted one, less a tied head that is stored all
    the same, if that is a plausible tower.
    """
    extra = model.published_total - model.total
    if model.tied and extra > model.embed_params:
        extra -= model.embed_params
    if set(model.modalities) <= {"text"} or not 0 < extra < TOWER * model.total:
        return 0
    return extra - model.mtp_params if extra > model.mtp_params else extra


def _group(model: Model, quant: Quant, group: LayerGroup) -> GroupBytes:
    attention, ffn = group.attention, group.ffn
    per = {part: float(quant.bits_of(part)) / 8 for part in ("attention", "other", "router")}
    kv = 0
    if attention.kind in ("full", "window", "chunked") and attention.kv_heads:
        both = attention.head_dim + (attention.v_head_dim or attention.head_dim)
        kv = min(model.hidden * attention.kv_heads * both, attention.params)
    dense = ffn.params if ffn.kind == "dense" else 0
    return GroupBytes(
        count=group.count,
        split=(attention.params - kv) * per["attention"],
        kv=kv * per["attention"],
        kv_heads=attention.kv_heads,
        whole=attention.whole * per["attention"] + group.norm_params * per["other"],
        dense=dense * float(quant.bits_of("dense")) / 8,
        dense_width=ffn.width if dense else 0,
        shared=ffn.shared_params * float(quant.bits_of("shared")) / 8,
        router=ffn.router_params * per["router"],
        expert=ffn.expert_params * float(quant.bits_of("experts")) / 8,
        experts=ffn.experts,
        expert_width=ffn.width if ffn.experts else 0,
        absorbed=_absorbed(group),
    )


def _absorbed(group: LayerGroup) -> float:
    """MLA's key and value up-projection in 16 bit, as the absorbed form of attention needs it."""
    a = group.attention
    if a.kind != "mla" or not (a.kv_rank and a.nope_dim):
        return 0.0
    return 2.0 * a.kv_rank * a.heads * (a.nope_dim + a.v_head_dim)


def order(model: Model) -> tuple[int, ...]:
    """For each layer, the number of its group; groups without indices follow each other."""
    places: dict[int, int] = {}
    after = 0
    for number, group in enumerate(model.groups):
        layers = group.indices or range(after, after + group.count)
        places.update((layer, number) for layer in layers)
        after += group.count
    return tuple(places[layer] for layer in sorted(places))
