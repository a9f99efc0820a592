"""What the places of a fleet ask of their pools."""

from __future__ import annotations

from fractions import Fraction

from servec.compiler.fleet.packing import Part
from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.result import Candidate, DeploymentResult
    from servec.dsl.document import Fleet, Place, Pool
    from servec.dsl.spec import Spec

PARTS = ("hardware", "nodes", "pool", "replicas", "share", "priority")
"""Fields of a pool or place without which it cannot be filled."""


@record
class Wanted:
    """What a place asks of its pool: `replicas` copies, each the `parts` of one replica.

    `port` is where its servers listen, 0 where it is not known.
    """

    place: Place
    spec: Spec
    replicas: int
    parts: tuple[Part, ...]
    port: int


def pool_of(item: Place) -> str:
    """The name of the pool that a place names, "" where it names none."""
    bound = item.settings["pool"].eq if "pool" in item.settings else None
    return str(bound.value) if bound is not None else ""


def known_part(part: Pool | Place) -> bool:
    """Whether no error leaves it open what a pool has, or what a place asks for."""
    if not part.doubts:
        return True
    from servec.dsl.doubt import touched

    return not any(touched(part.doubts, path) for path in PARTS)


def known_whole(fleet: Fleet) -> bool:
    """Whether no error leaves anything of a fleet open."""
    parts: tuple[Pool | Place, ...] = (*fleet.pools, *fleet.places)
    return not fleet.doubts and not any(part.doubts for part in parts)


def wanted_by(item: Place, results: list[DeploymentResult]) -> Wanted | None:
    """The devices that a place asks for, by the plan of its deployment's chosen candidate.

    Where an error leaves no plan, by what the deployment says itself; None where that is open.
    """
    spec = item.target
    result = next(
        (r for r in results if spec and (r.spec.file, r.spec.name) == (spec.file, spec.name)), None
    )
    chosen = next((c for c in result.candidates if not c.rejected), None) if result else None
    if result is None or spec is None:
        return None
    if chosen is None:
        return _unplanned(item, result.spec)
    parts = _parts(chosen, _share(item))
    return Wanted(item, result.spec, _copies(item, chosen), parts, _port(chosen))


def _parts(chosen: Candidate, share: float) -> tuple[Part, ...]:
    """What one replica takes: each role its nodes, or all roles one part of a machine."""
    if all(case.first_device is not None for case in chosen.cases):
        return (Part(1, sum(case.devices_per_node for case in chosen.cases), share),)
    parts: list[Part] = []
    for case in chosen.cases:
        plan = case.plan
        assert plan is not None
        copies = plan.replicas if len(chosen.cases) > 1 else 1
        parts += [Part(plan.nodes, plan.devices_per_node, share)] * copies
    return tuple(parts)


def _share(item: Place) -> float:
    """The part of each device that a place takes, 1 for a whole one."""
    share = item.settings["share"].eq if "share" in item.settings else None
    return float(Fraction(str(share.value))) if share is not None else 1.0


def _copies(item: Place, chosen: Candidate) -> int:
    """The planned number of copies, within the bounds of the place."""
    planned = chosen.plan.replicas if chosen.plan is not None else 1
    setting = item.settings.get("replicas")
    if setting is None:
        return planned
    if setting.eq is not None:
        return int(str(setting.eq.value))
    low = int(str(setting.ge.value)) if setting.ge is not None else 1
    high = int(str(setting.le.value)) if setting.le is not None else max(low, planned)
    return max(low, min(planned, high))


def _port(chosen: Candidate) -> int:
    case = chosen.cases[0]
    return case.spec.whole("api.port") or case.capabilities.default_port


def _unplanned(item: Place, spec: Spec) -> Wanted | None:
    """What a deployment without a plan asks for: its devices and copies, where they are pinned."""
    from servec.dsl.doubt import hangs_on_doubt

    counts, copies = spec.counts(), item.settings.get("replicas") or spec.setting("replicas")
    open_ones = [s for s in (spec.setting("nodes"), copies) if s is not None and s.eq is None]
    unknown = any(hangs_on_doubt(spec, path) for path in ("nodes", "replicas", "hardware", "role"))
    if spec.roles or len(counts) != 1 or open_ones or unknown:
        return None
    number = int(str(copies.eq.value)) if copies is not None and copies.eq is not None else 1
    parts = (Part(spec.whole("nodes") or 1, counts[0].number, _share(item)),)
    return Wanted(item, spec, number, parts, spec.whole("api.port") or 0)
