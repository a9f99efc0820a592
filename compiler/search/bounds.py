"""What can be told of an alternative before any runtime is asked: whether its weights could fit,
whether physics forbids a promise, and what it costs at least."""

from __future__ import annotations

from fractions import Fraction

from servec.compiler.decide import replicas
from servec.compiler.search.candidate import node_counts
from servec.dsl.record import replace
from servec.dsl.spec import Setting

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.search.site import Alternative, Site

FEWEST = 2
"""Bits of a weight below which no scheme of the catalogue goes, where nothing better is known."""
MOST = 16
READ = 0.75
"""The least part of the active weights that a token reads: the table of tokens is looked up."""
UNPRICED = float("inf")


def promising(alternatives: tuple[Alternative, ...]) -> tuple[Alternative, ...]:
    """Those whose devices together hold the weights, cheapest first; the last of all where none do.

    Where the number of nodes is open each number is an alternative, with the price of all of them.
    Those on which physics forbids a promise come last: they are only tried where nothing keeps it.
    """
    kept = [item for item in _by_price(alternatives) if all(map(_holds, item))]
    if not kept:
        return alternatives[-1:]
    return tuple(sorted(kept, key=lambda item: any(map(_forbidden, item))))


def price(sites: Alternative) -> float:
    """USD/h of the least that an alternative can take; without end where a device has no price."""
    total = 0.0
    for site in sites:
        each = site.device.price if site.device is not None else 0.0
        least = site.per_node * node_counts(site.spec)[0] * replicas.least(site.spec)
        total += each * least or UNPRICED
    return total


def _by_price(alternatives: tuple[Alternative, ...]) -> list[Alternative]:
    """The alternatives with their nodes told apart, cheapest first for each model in its place."""
    made: list[tuple[int, float, int, int, Alternative]] = []
    models: dict[int, int] = {}
    several = False
    for sites in alternatives:
        place = models.setdefault(id(sites[0].model), len(models))
        counts = node_counts(sites[0].spec) if len(sites) == 1 else (0,)
        several = several or len(counts) > 1
        for number in counts if len(counts) > 1 else (0,):
            item = (_on(sites[0], number),) if number else sites
            made.append((place, price(item), number, len(made), item))
    if several:
        made.sort(key=lambda row: row[:4])
    return [row[-1] for row in made]


def _on(site: Site, nodes: int) -> Site:
    """The site with so many nodes, as if its spec pinned them."""
    said = site.spec.setting("nodes")
    assert said is not None
    bound = replace(said.first, op="=", value=nodes, text=str(nodes))
    settings = {**site.spec.settings, "nodes": Setting(bound)}
    return replace(site, spec=replace(site.spec, settings=settings))


def _holds(site: Site) -> bool:
    device = site.device
    if device is None or not device.memory or site.model is None:
        return True
    return weights(site) <= _devices(site) * device.memory


def _forbidden(site: Site) -> bool:
    """Whether reading the weights that one token needs takes longer than is promised."""
    device, model, spec = site.device, site.model, site.spec
    bounds = [
        float(Fraction(str(bound.value)))
        for name in ("p50", "p95", "p99")
        if (bound := spec.upper(f"slo.tpot.{name}")) is not None
    ]
    if not bounds or device is None or model is None or not device.bandwidth or not model.total:
        return False
    if spec.setting("features.speculative") is not None:
        return False
    share = (model.active or model.total) / model.total
    least = READ * share * weights(site) / (_devices(site) * device.bandwidth)
    return least > min(bounds)


def _devices(site: Site) -> int:
    return max(node_counts(site.spec)) * site.per_node


def weights(site: Site) -> float:
    """The least bytes that the weights of a site can take, in the checkpoint that is served."""
    if site.model is None:
        return 0.0
    quants = [way.model.quant for way in site.files]
    bits = min((min(q.bits, q.expert_bits or q.bits) for q in quants), default=FEWEST)
    return site.model.total * float(min(bits, MOST)) / 8
