"""The deployments of a file whose fleets place some, from it or from imported files."""

from __future__ import annotations

from servec.dsl.record import replace
from servec.dsl.spec import Setting

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.dsl.document import Document, Place, Pool
    from servec.dsl.spec import Spec


def with_placed(document: Document) -> tuple[Spec, ...]:
    """The file's deployments, then those that its fleets place from elsewhere, each once.

    The `replicas` of a place are part of what is resolved: they stand over the deployment's own,
    unless several places disagree about it.
    """
    found = {(spec.file, spec.name): spec for spec in document.deployments}
    places: dict[tuple[str, str], list[Place]] = {}
    for fleet in document.fleets:
        for place in fleet.places:
            spec = place.target
            if spec is not None:
                key = (spec.file, spec.name)
                found.setdefault(key, spec)
                places.setdefault(key, []).append(place)
    return tuple(
        _bounded(spec, places[key][0]) if len(places.get(key, ())) == 1 else spec
        for key, spec in found.items()
    )


def pool_of(document: Document | None, spec: Spec) -> Pool | None:
    """The pool in which a fleet of the file places a deployment; None unless it is just one."""
    found = [
        pool
        for fleet in (document.fleets if document is not None else ())
        for place in fleet.places
        for pool in fleet.pools
        if place.target is not None
        and (place.target.file, place.target.name) == (spec.file, spec.name)
        and "pool" in place.settings
        and place.settings["pool"].first.value == pool.name
    ]
    return found[0] if len(found) == 1 else None


def _bounded(spec: Spec, place: Place) -> Spec:
    """The deployment with the bounds of its place merged over its own, as bodies merge."""
    said = place.settings.get("replicas")
    if said is None:
        return spec
    own = spec.settings.get("replicas") or Setting()
    merged = said if said.eq else Setting(None, said.le or own.le, said.ge or own.ge)
    return replace(spec, settings={**spec.settings, "replicas": merged})
