"""Whether prefill and decode apart, on the same devices, would keep the promises better.

They are taken where both the first token and the next ones are promised, no plan of the runtime in
one likely keeps that, whatever its batch, and one in roles does, with the worst promise nearer by
`GAIN`. No run in roles is in the data, and the reason says so. What only comes nearer is proposed.
"""

from __future__ import annotations

from servec.compiler.choice.choose import surer
from servec.compiler.choice.objective import CLOSE, MET, TINY, excess, likely, merit, standing
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
    from servec.compiler.target import Case

ALONE = ("features.speculative", "features.modalities", "cache.offload", "workload.images")
"""Fields beside which nobody published roles that were found to pay."""
GAIN = 1.5
"""How many times nearer roles must bring the worst promise: as much as their bands are wider."""
LAYOUTS = 3.0
"""How many times shorter a first token may be in another layout of the prefill role."""
VENDOR = "nvidia"
"""Whose devices the launch can share out between two servers of one machine."""


def parted(site: Site, together: Outcome) -> Outcome:
    """The outcome in roles where that likely keeps what no plan in one does, else as it was."""
    if not _wanted(together) or not _open(together.case) or not _could(together):
        return together
    found = [item for item in _tried(together, site) if _keeps(item, together)]
    if not found:
        return together
    best = min(found, key=lambda item: merit(item.performance))
    told = (_gain(best, together, "roles apart keep what no plan in one does"), *_price(best))
    return replace(best, told=told, others=(together.case, *together.others))


def proposal(chosen: Candidate, sites: Alternative) -> tuple[Reason, ...]:
    """A line against the chosen plan where its roles apart are clearly nearer to the promises.

    Only where the spec leaves the roles open, and promises something that is not met for certain.
    The rates of both roles are matched by the predictor.
    """
    if len(sites) != 1 or len(chosen.cases) != 1 or standing(chosen.performance) == MET:
        return ()
    case = chosen.cases[0]
    if not _able(case):
        return ()
    together = Outcome(case.target, chosen.version, False, chosen.cases, chosen.performance)
    tried = list(_tried(together, sites[0]))
    found = [item for item in tried if surer(item, together) or _keeps(item, together)]
    if not found:
        return ()
    best = min(found, key=lambda item: merit(item.performance))
    return (replace(_gain(best, together, "roles apart may do better"), good=False),)


def _wanted(together: Outcome) -> bool:
    """Whether both the first token and the next ones are promised, and not even likely kept."""
    performance = together.performance
    if performance is None or likely(performance) or not together.legal:
        return False
    return {"ttft", "tpot"} <= {line.metric.partition(".")[0] for line in performance.slo}


def _able(case: Case) -> bool:
    """Whether the runtime can hand the cache over, and there are devices to share out."""
    plan, able = case.plan, case.capabilities
    if plan is None or "roles" not in able.features or not able.transfer:
        return False
    return case.devices_per_node * case.nodes * plan.replicas > 1


def _open(case: Case) -> bool:
    """Whether the spec leaves to the compiler what roles would decide."""
    spec, device = case.spec, case.device
    if not _able(case) or device is None or device.vendor != VENDOR:
        return False
    said = any(path.startswith(("parallel.", *ALONE)) for path in spec.settings)
    said = said or bool(spec.asserts) or bool(spec.adapters)
    return not said and case.target.name not in spec.on and spec.word("defaults") != "runtime"


def _keeps(item: Outcome, together: Outcome) -> bool:
    """Whether roles likely keep what the plan in one does not, the worst of it nearer by `GAIN`."""
    if not likely(item.performance) or likely(together.performance):
        return False
    return _off(item) * GAIN <= _off(together)


def _off(item: Outcome) -> float:
    """By what factor the worst promise is off that is not met for certain."""
    return excess(item.performance) if item.performance is not None else 0.0


def _could(together: Outcome) -> bool:
    """Whether roles might keep the promises: a look at both with all the devices, in one layout.

    That is more than they can get; only the wait for prefill may be shorter in another layout.
    """
    from servec.compiler.predict.roles import apart

    case = together.case
    found = apart(replace(case, role="prefill"), replace(case, role="decode"))
    for line in found.slo if found is not None else ():
        if line.predicted is None or line.floor:
            return False
        times = line.predicted.value / line.bound
        slack = LAYOUTS if line.metric.startswith(("ttft", "e2e")) else CLOSE
        if (times if line.op == "<=" else 1 / max(times, TINY)) > slack:
            return False
    return found is not None


def _tried(together: Outcome, site: Site) -> Iterator[Outcome]:
    """The runtime with each share of the devices for prefill that it can serve."""
    from servec.compiler.search.splits import splits

    spec, plan = together.case.spec, together.case.plan
    assert plan is not None
    several = plan.nodes * plan.replicas > 1
    for parts in splits(site, together.case):
        whole = replace(spec, roles={part.spec.role: part.spec for part in parts})
        found = outcome(whole, parts, together.target, together.version, False)
        if found.legal:
            cases = found.cases if several else _shared_out(found.cases)
            yield replace(found, named=together.named, cases=cases)


def _shared_out(cases: tuple[Case, ...]) -> tuple[Case, ...]:
    """Roles on parts of one machine, with the number of the first device of each."""
    first, made = 0, []
    for case in cases:
        made.append(replace(case, first_device=first))
        first += case.devices_per_node
    return tuple(made)


def _gain(best: Outcome, together: Outcome, what: str) -> Reason:
    """What each promise that is not met becomes, with the layout of both roles."""
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
        devices = case.plan.gpus * case.plan.replicas
        values[case.role] = devices
        copies = f"{case.plan.replicas} x " if case.plan.replicas > 1 else ""
        layouts.append(f"{case.role} on {devices} devices ({copies}{case.plan.degrees})")
    text = f"{what}: {' and '.join(layouts)}: {', '.join(gains)} predicted"
    return Reason("apart", text, figures=values)


def _price(best: Outcome) -> Iterator[Reason]:
    """What speaks against roles."""
    from servec.compiler.decide.transfer import transport

    text = (
        f"two kinds of servers, a router, and a cache handed over by {transport(best.case)};"
        " no run in roles was measured, so the bands are half as wide again"
    )
    yield Reason("apart", text, good=False)


def _band(found: Range) -> str:
    return f"{shown(found.low)} to {shown(found.high)}"
