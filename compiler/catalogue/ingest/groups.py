"""Equal layers are counted once and kept as one group."""

from __future__ import annotations

from servec.compiler.catalogue.ingest.tally import Tally
from servec.compiler.model import Attention, LayerGroup
from servec.dsl.record import record, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence
    from typing import TypeVar

    from servec.compiler.model import Ffn

    Kind = TypeVar("Kind", bound=Hashable)

NONE = Attention("none")


@record
class Built:
    """A group, and what one of its layers was counted from."""

    group: LayerGroup
    tally: Tally


def group_layers(
    kinds: Sequence[Kind], make: Callable[[Kind, int, Tally], tuple[Attention, Ffn]]
) -> tuple[Built, ...]:
    """One group for each distinct kind, in order of first layer.

    `make(kind, layer, tally)` counts a layer of that kind into `tally`.
    """
    places: dict[Kind, list[int]] = {}
    for layer, kind in enumerate(kinds):
        places.setdefault(kind, []).append(layer)
    return tuple(_build(kind, indices, make) for kind, indices in places.items())


def _build(
    kind: Kind,
    indices: list[int],
    make: Callable[[Kind, int, Tally], tuple[Attention, Ffn]],
) -> Built:
    tally = Tally()
    attention, ffn = make(kind, indices[0], tally)
    whole = tally.kept_whole("attention")
    group = LayerGroup(
        count=len(indices),
        attention=replace(attention, params=tally.params("attention") - whole, whole=whole),
        ffn=ffn,
        norm_params=tally.params("norm"),
        indices=tuple(indices),
    )
    return Built(group, tally)
