"""Whose error a finding is: the spec's, a candidate's, or that of a target asked for by name."""

from __future__ import annotations

from servec.compiler.decide.degrees import leaves_link
from servec.compiler.rules.heads import copies
from servec.dsl.diagnostic import Figure
from servec.dsl.record import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from servec.compiler.plan import Plan
    from servec.compiler.result import Candidate
    from servec.compiler.search.candidate import Outcome
    from servec.compiler.target import Case, Target
    from servec.dsl.diagnostic import Diagnostic, Span
    from servec.dsl.spec import Spec

REACH = ("SRV303", "SRV304", "SRV305", "SRV306", "SRV310", "SRV311")
"""A runtime so refused cannot have what is asked for, whatever the plan."""


def refusals(
    spec: Spec,
    tried: list[Outcome],
    named: bool,
    targets: tuple[Target, ...],
    versions: dict[str, str],
) -> tuple[Diagnostic, ...]:
    """The errors to report for candidates none of which, or not every named one, can serve.

    A named target's refusals stand as they are, with a word on runtimes that take the same split.
    Else those refused for reach are set aside, and each distinct error of the rest is reported
    once; SRV312 where nothing else is left.
    """
    if named and tried:
        return tuple(
            _elsewhere(found, item, targets, versions)
            for item in tried
            if not item.legal
            for found in (*item.reach, *item.refused)
        )
    if any(item.legal for item in tried):
        return ()
    tried = sorted(tried, key=lambda item: item.target.name)
    deep = [item for item in tried if any(found.code not in REACH for found in item.refused)]
    if deep:
        return _distinct(deep)
    from servec.compiler.rules.srv312_no_target_left import diagnose

    refused = ((item.target.name, it) for item in tried for it in (*item.reach, *item.refused))
    return (diagnose(spec, tuple(refused)),)


def _elsewhere(
    found: Diagnostic, item: Outcome, targets: tuple[Target, ...], versions: dict[str, str]
) -> Diagnostic:
    """A refused split with the other runtimes that would take it."""
    if found.code not in ("SRV403", "SRV405") or item.failed is None:
        return found
    from servec.compiler.choice.policy import table
    from servec.compiler.decide.legal import legal
    from servec.compiler.rules.cuts import cuts

    case, lines = item.failed, []
    assert case.plan is not None
    for target in targets:
        if target is item.target or not versions[target.name] or target.name in table()["outer"]:
            continue
        other = replace(
            case, target=target, capabilities=target.capabilities(versions[target.name])
        )
        reached = case.device is None or case.device.arch in other.capabilities.reach
        if reached and legal(other, case.plan.degrees):
            cut = cuts(other, case.plan.degrees)
            slow = ", on its slower kernels" if cut is not None and cut.refined else ""
            text = f"{target.name} {versions[target.name]} takes this split{slow}"
            lines.append(Figure(target.name, None, text))
    return replace(found, figures=(*found.figures, *lines))


def emitted(candidates: Sequence[Candidate]) -> list[Diagnostic]:
    """The findings of what is emitted; what holds alike for several runtimes is said once."""
    found: dict[tuple[str, str, Span], Diagnostic] = {}
    names: dict[tuple[str, str, Span], list[str]] = {}
    for candidate in candidates:
        for item in candidate.diagnostics:
            key = (item.code, item.title, item.primary.span)
            found.setdefault(key, item)
            names.setdefault(key, []).append(candidate.target)
    for key, several in names.items():
        held = sorted(set(several))
        if len(held) > 1:
            figure = Figure("runtimes", len(held), f"holds for {', '.join(held)}")
            found[key] = replace(found[key], figures=(*found[key].figures, figure))
    return list(found.values())


def _distinct(tried: list[Outcome]) -> tuple[Diagnostic, ...]:
    """Each error once by code and primary line, with the runtimes it holds for."""
    first: dict[tuple[str, Span], Diagnostic] = {}
    names: dict[tuple[str, Span], list[str]] = {}
    for item in tried:
        for found in item.refused:
            key = (found.code, found.primary.span)
            first.setdefault(key, found)
            names.setdefault(key, []).append(item.target.name)
    made = []
    for key, found in first.items():
        held = sorted(set(names[key]))
        text = f"holds for {', '.join(held)}" if len(held) < len(tried) else ""
        made.append(replace(found, figures=(*found.figures, Figure("runtimes", len(held), text))))
    return tuple(made)


DEPENDENT = (
    *("checkpoint.file", "features.draft", "features.draft_tokens"),
    *("features.tools_plugin", "features.reasoning_plugin"),
)
"""Fields that may have nothing to act on (SRV318)."""

_USUAL = 4
"""Devices that a node of any kind may hold."""


def findings(case: Case) -> tuple[Diagnostic, ...]:
    """Warnings and notes of 3xx and 4xx on a case that is emitted."""
    found = tuple(found for check in _due(case) if (found := check(case)) is not None)
    spec, own = case.spec, case.spec.word("target")
    apart = own not in (None, "auto", case.target.name) or bool(spec.on.keys() - {case.target.name})
    able = case.capabilities.spares
    if apart or any(path in able or path in DEPENDENT for path in spec.settings):
        from servec.compiler.rules import srv318_left_out

        found += tuple(srv318_left_out.checks(case))
    if apart:
        from servec.compiler.rules import srv319_said_otherwise

        found += tuple(srv319_said_otherwise.checks(case))
    return (*found, *_unheeded(case))


def _unheeded(case: Case) -> Iterator[Diagnostic]:
    """What the runtime leaves aside of what is said."""
    from servec.compiler.options.constraints import rules_of, unheeded

    for rule in unheeded(case, (*rules_of(case, False), *rules_of(case, True))):
        from servec.compiler.rules.constrained import constrained

        yield constrained(case, rule)


def _due(case: Case) -> Iterator[Callable[[Case], Diagnostic | None]]:
    """The rules that may have something to say; none is imported without need."""
    plan, memory, performance, said = case.plan, case.memory, case.performance, case.spec.settings
    assert plan is not None
    if case.device is not None and not case.device.any and case.capabilities.unread(case.device):
        from servec.compiler.rules import srv315_hardware_not_stated

        yield srv315_hardware_not_stated.apart
    if not plan.native:
        from servec.compiler.rules import srv314_precision_fallback

        yield srv314_precision_fallback.check
    yield from _laid(case, plan)
    if memory is not None and memory.margin < memory.band:
        from servec.compiler.rules import srv317_memory_margin

        yield srv317_memory_margin.check
    if performance is not None and any(line.verdict == "missed" for line in performance.slo):
        from servec.compiler.rules import srv308_slo_floor, srv313_slo_not_predicted

        yield srv308_slo_floor.check
        yield srv313_slo_not_predicted.check
    if performance is not None and performance.abstained and "workload.rate" in said:
        from servec.compiler.rules import srv322_load_beyond

        yield srv322_load_beyond.check


def _laid(case: Case, plan: Plan) -> Iterator[Callable[[Case], Diagnostic | None]]:
    """Those on how the plan lies on the devices."""
    if "parallel.tensor" in case.spec.settings and copies(case, plan.degrees) > 1:
        from servec.compiler.rules import srv402_kv_copies

        yield srv402_kv_copies.check
    if leaves_link(case, plan.degrees):
        from servec.compiler.rules import srv406_slow_fabric

        yield srv406_slow_fabric.check
    if case.devices_per_node > _USUAL:
        from servec.compiler.rules import srv323_node_size

        yield srv323_node_size.check
    if plan.degrees.pipeline > 1:
        from servec.compiler.rules import srv408_uneven_stages

        yield srv408_uneven_stages.check


def of(spec: Spec, found: tuple[Diagnostic, ...]) -> tuple[Diagnostic, ...]:
    """The findings with the deployment's name, in order of place, each once."""
    own = {item if item.deployment else replace(item, deployment=spec.name): None for item in found}
    return tuple(sorted(own, key=lambda item: item.order))
