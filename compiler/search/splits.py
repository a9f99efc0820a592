"""The ways to share the devices of a plan out between prefill and decode."""

from __future__ import annotations

from servec.dsl.record import replace
from servec.dsl.spec import Setting

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from servec.compiler.search.site import Alternative, Site
    from servec.compiler.target import Case
    from servec.dsl.spec import Spec

PARTS = (4, 2)
"""Prefill is tried on a fourth, a half and three fourths of what there is."""


def splits(site: Site, case: Case) -> Iterator[Alternative]:
    """Sites for prefill and decode; of several nodes whole ones, each a copy of its role.

    Of one node its devices are shared out. `case` is the plan in one, with nodes and copies.
    """
    assert case.plan is not None
    nodes = case.nodes * case.plan.replicas
    total = nodes if nodes > 1 else case.devices_per_node
    for first in sorted({total // part for part in PARTS} | {total - total // PARTS[0]}):
        if not 0 < first < total:
            continue
        counts = {"prefill": first, "decode": total - first}
        if nodes > 1:
            yield tuple(
                replace(site, spec=_role(case.spec, role, number))
                for role, number in counts.items()
            )
        else:
            kind = site.hardware.rpartition(" x ")[0]
            yield tuple(
                replace(
                    site,
                    spec=_role(case.spec, role, 1),
                    per_node=number,
                    hardware=f"{kind} x {number}",
                )
                for role, number in counts.items()
            )


def _role(spec: Spec, role: str, copies: int) -> Spec:
    """The spec as one of its roles: all degrees open, so many copies of one node each."""
    settings = {
        path: said for path, said in spec.settings.items() if not path.startswith("parallel.")
    }
    origin = next(iter(spec.settings.values())).first
    for path, number in (("nodes", 1), ("replicas", copies)):
        settings[path] = Setting(replace(origin, op="=", value=number, text=str(number)))
    return replace(spec, role=role, settings=settings)
