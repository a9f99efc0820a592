"""A model's weights and cache by part: the lines of `servec models show`."""

from __future__ import annotations

from fractions import Fraction

from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.model import Model

TITLES = {
    "embed": "embedding",
    "attention": "attention",
    "dense": "dense feed-forward",
    "router": "routers",
    "experts": "routed experts",
    "shared": "shared experts",
    "other": "norms and other",
    "head": "head",
    "vision": "vision tower",
    "mtp": "draft layers (MTP)",
}


@record
class PartSum:
    """One part: its weights, the bits each is stored with, and the bytes they take."""

    part: str
    title: str
    params: int
    bits: Fraction | int

    @property
    def bytes(self) -> int:
        """Bytes of the part as the checkpoint stores it, rounded up."""
        return -int(-self.params * self.bits // 8)


def part_sums(model: Model) -> tuple[PartSum, ...]:
    """The parts that are there, in the order of the model; all but the last make up `total`."""
    counts = dict.fromkeys(TITLES, 0)
    for group in model.groups:
        mixer, ffn = group.attention, group.ffn
        counts["attention"] += group.count * (mixer.params + mixer.whole)
        counts["dense"] += group.count * ffn.params
        counts["router"] += group.count * ffn.router_params
        counts["experts"] += group.count * ffn.experts * ffn.expert_params
        counts["shared"] += group.count * ffn.shared_params
        counts["other"] += group.count * group.norm_params
    counts["embed"], counts["head"] = model.embed_params, model.head_params
    counts["other"] += model.other_params
    counts["vision"], counts["mtp"] = model.vision_params, model.mtp_params
    return tuple(
        PartSum(part, TITLES[part], params, model.quant.bits_of(part))
        for part, params in counts.items()
        if params
    )


def model_bytes(model: Model) -> int:
    """Bytes of the weights that a runtime loads: all parts but the draft layers."""
    return sum(row.bytes for row in part_sums(model) if row.part != "mtp")


def token_bytes(model: Model, bits: Fraction | int = 16) -> Fraction:
    """Cache bytes that each further token adds at tensor 1, layers with a window left out."""
    elements = Fraction(0)
    for group in model.groups:
        if group.attention.kind not in ("window", "chunked"):
            elements += group.count * group.attention.kv_elements
    return elements * bits / 8


def fixed_elements(model: Model) -> tuple[int, int]:
    """What one sequence holds at most beside that: elements in windows, and of recurrent state."""
    windows = sum(
        group.count * int(group.attention.kv_elements) * group.attention.window
        for group in model.groups
        if group.attention.kind in ("window", "chunked")
    )
    windows += sum(
        group.count * group.attention.side_elements * group.attention.side_window
        for group in model.groups
    )
    return windows, sum(group.count * group.attention.state_elements for group in model.groups)
