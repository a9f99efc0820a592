"""A share of a device bounds the memory of what is placed there, as far as that still serves."""

from __future__ import annotations

from fractions import Fraction

from servec.compiler.decide.fraction import USUAL
from servec.dsl.record import replace
from servec.dsl.spec import Setting

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from servec.compiler.result import DeploymentResult
    from servec.dsl.document import Document, Place
    from servec.dsl.spec import Bound, Spec

PATH = "limits.memory"


def shared(document: Document) -> dict[tuple[str, str], Place]:
    """Places that give a deployment a part of a device, by its file and name; the smallest part."""
    found: dict[tuple[str, str], Place] = {}
    for place in (place for fleet in document.fleets for place in fleet.places):
        bound, spec = share(place), place.target
        if bound is None or spec is None or Fraction(str(bound.value)) >= 1:
            continue
        key = (spec.file, spec.name)
        other = share(found[key]) if key in found else None
        if other is None or Fraction(str(bound.value)) < Fraction(str(other.value)):
            found[key] = place
    return found


def share(place: Place) -> Bound | None:
    """The line that says the share of a place, None without one."""
    said = place.settings.get("share")
    return said.eq if said is not None else None


def within(
    spec: Spec, place: Place | None, plan: Callable[[Spec], DeploymentResult]
) -> DeploymentResult:
    """The deployment planned within its share of a device.

    Where it cannot be, it is planned on whole devices, with a warning (SRV507): a time share may
    be meant. A pinned `limits.memory` stands as it is said.
    """
    bound = share(place) if place is not None else None
    if place is None or bound is None:
        return plan(spec)
    found = plan(_tightened(spec, bound))
    if found.chosen is not None:
        return found
    whole = plan(spec)
    if whole.chosen is None:
        return whole
    from servec.compiler.rules.srv507_share_memory import diagnose

    told = diagnose(place, bound, whole.chosen.cases)
    return replace(whole, diagnostics=(*whole.diagnostics, told)) if told is not None else whole


def _tightened(spec: Spec, bound: Bound) -> Spec:
    part = Fraction(str(bound.value))
    roles = {name: _bounded(role, bound, part) for name, role in spec.roles.items()}
    return replace(_bounded(spec, bound, part), roles=roles)


def _bounded(spec: Spec, bound: Bound, part: Fraction) -> Spec:
    """The spec whose runtime may take the usual part of its share; less where it says less."""
    own = spec.setting(PATH)
    upper = spec.upper(PATH)
    if own is not None and own.eq is not None:
        return spec
    if upper is not None and Fraction(str(upper.value)) <= part:
        return spec
    limit = part * USUAL
    made = replace(bound, op="<=", value=limit, text=f"{float(limit):.4g}")
    return replace(spec, settings={**spec.settings, PATH: Setting(le=made)})
