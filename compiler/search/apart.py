"""Whether prefill and decode apart, on the same devices, would keep the promises better."""

from __future__ import annotations

from servec.compiler.choice.choose import surer
from servec.compiler.choice.objective import MET, merit, standing
from servec.compiler.plan import Reason
from servec.compiler.search.candidate import Outcome, outcome
from servec.compiler.shown import shown
from servec.dsl.record import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from servec.compiler.plan import Range
    from servec.compiler.result import Candidate
    from servec.compiler.search.site import Alternative, Site
    from servec.dsl.spec import Spec

PARTS = (4, 2)
"""Prefill is tried on a fourth, a half and three fourths of the devices."""


def proposal(chosen: Candidate, sites: Alternative) -> tuple[Reason, ...]:
    """A line against the chosen plan where its roles apart are clearly nearer to the promises.

    Only for one node whose spec leaves the roles open, and promises something that is not met for
    certain. The rates of both roles are matched by the predictor.
    """
    if len(sites) != 1 or len(chosen.cases) != 1 or standing(chosen.performance) == MET:
        return ()
    case = chosen.cases[0]
    able = "roles" in case.capabilities.features and case.capabilities.transfer
    if case.nodes > 1 or case.devices_per_node < 2 or not able or case.plan is None:
        return ()
    together = Outcome(case.target, chosen.version, False, chosen.cases, chosen.performance)
    found = [item for item in _tried(together, sites[0]) if surer(item, together)]
    if not found:
        return ()
    best = min(found, key=lambda item: merit(item.performance))
    return (_reason(best, together),)


def _tried(together: Outcome, site: Site) -> Iterator[Outcome]:
    """The runtime with each share of the devices for prefill that it can serve."""
    spec, total = together.case.spec, site.per_node
    for first in sorted({total // part for part in PARTS} | {total - total // PARTS[0]}):
        if not 0 < first < total:
            continue
        counts = {"prefill": first, "decode": total - first}
        roles = {role: _role(spec, role) for role in counts}
        parts = tuple(
            replace(site, spec=roles[role], per_node=number) for role, number in counts.items()
        )
        whole = replace(spec, roles=roles)
        found = outcome(whole, parts, together.target, together.version, False)
        if found.legal:
            yield found


def _role(spec: Spec, role: str) -> Spec:
    """The spec as one of its roles, all degrees open."""
    settings = {
        path: said for path, said in spec.settings.items() if not path.startswith("parallel.")
    }
    return replace(spec, role=role, settings=settings)


def _reason(best: Outcome, together: Outcome) -> Reason:
    assert best.performance is not None and together.performance is not None
    mine = {line.metric: line for line in best.performance.slo}
    gains = []
    values: dict[str, float | int | str] = {}
    for line in together.performance.slo:
        other = mine.get(line.metric)
        if line.verdict == "met" or other is None:
            continue
        if line.predicted is not None and other.predicted is not None:
            apart = _band(other.predicted)
            gains.append(f"{line.metric} {apart} {line.unit} instead of {_band(line.predicted)}")
            values[line.metric] = other.predicted.value
    layouts = []
    for case in best.cases:
        assert case.plan is not None
        values[case.role] = case.plan.gpus
        layouts.append(f"{case.role} on {case.plan.gpus} devices ({case.plan.degrees})")
    text = f"roles apart may do better: {' and '.join(layouts)}: {', '.join(gains)} predicted"
    return Reason("apart", text, good=False, figures=values)


def _band(found: Range) -> str:
    return f"{shown(found.low)} to {shown(found.high)}"
