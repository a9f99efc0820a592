"""What can be told of an alternative before any runtime is asked: whether its weights could fit."""

from __future__ import annotations

from servec.compiler.search.candidate import node_counts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.search.site import Alternative, Site

FEWEST = 2
"""Bits of a weight below which no scheme of the catalogue goes, where nothing better is known."""
MOST = 16


def promising(alternatives: tuple[Alternative, ...]) -> tuple[Alternative, ...]:
    """Those whose devices together hold the weights; the last of all where none of them do."""
    kept = tuple(item for item in alternatives if all(map(_holds, item)))
    return kept or alternatives[-1:]


def _holds(site: Site) -> bool:
    device = site.device
    if device is None or not device.memory or site.model is None:
        return True
    most = max(node_counts(site.spec)) * site.per_node * device.memory
    return weights(site) <= most


def weights(site: Site) -> float:
    """The least bytes that the weights of a site can take, in the checkpoint that is served."""
    if site.model is None:
        return 0.0
    quants = [way.model.quant for way in site.files]
    bits = min((min(q.bits, q.expert_bits or q.bits) for q in quants), default=FEWEST)
    return site.model.total * float(min(bits, MOST)) / 8
