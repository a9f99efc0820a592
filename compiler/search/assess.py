"""What one runtime can do with one spec on one site: its legal plans, or why there is none."""

from __future__ import annotations

from servec.compiler.decide import checkpoint, degrees, kv
from servec.compiler.decide.legal import apart_alone, legal, ragged
from servec.compiler.options.constraints import broken, open_for, rules_of, violations
from servec.compiler.search.planning import planned, way_of
from servec.compiler.search.reach import cannot, reaches, unreached
from servec.compiler.target import Case, able
from servec.dsl.record import record, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.options.constraints import Constraint
    from servec.compiler.plan import Degrees
    from servec.compiler.search.planning import Way
    from servec.compiler.search.site import Site
    from servec.compiler.target import Target
    from servec.dsl.diagnostic import Diagnostic

MOST_FIT = 4
"""Plans of one runtime that are predicted: those first in the order of layouts that fit."""
MOST_TRIED = 24
"""Layouts whose memory is summed before a runtime is given up as too small."""


@record
class Attempt:
    """What came of it: legal plans that fit, best layout first, or what refuses the runtime.

    `reach`: refusals that need no plan (SRV303 to 306, 310, 311). `refused`: what is wrong with
    the best plan there is, which `failed` holds. A case in `plans` has plan and memory.
    """

    plans: tuple[Case, ...] = ()
    reach: tuple[Diagnostic, ...] = ()
    refused: tuple[Diagnostic, ...] = ()
    way: Way | None = None
    failed: Case | None = None


def assess(
    site: Site, target: Target, version: str, named: bool, nodes: int, terse: bool = False
) -> Attempt:
    """Try one runtime on one site with that many nodes for a replica.

    `terse`: one that cannot serve this is refused without a word.
    """
    case = Case(
        spec=site.spec,
        target=target,
        capabilities=able(target, site.spec, version),
        model=site.model,
        device=site.device,
        devices_per_node=site.per_node,
        nodes=nodes,
        named=named,
        role=site.spec.role,
        draft=site.draft,
        hardware=site.hardware,
    )
    files = checkpoint.choose(case, site.files)
    if terse and cannot(case, files):
        return Attempt()
    reach = unreached(case, files)
    if files is not None and files.model is not case.model:
        case = replace(case, model=files.model)
    reach += _barred(case, False)
    if reach and not (named and reaches(case) and checkpoint.served(case, files)):
        return Attempt(reach=reach)
    attempt = _plan(way_of(case, files), _layouts(case), terse)
    return _with(attempt, reach) if reach else attempt


def _with(attempt: Attempt, reach: tuple[Diagnostic, ...]) -> Attempt:
    """What refuses the runtime at all, and what is wrong with its plan beside that."""
    told = {found.title for found in reach}
    refused = tuple(found for found in attempt.refused if found.title not in told)
    return replace(attempt, plans=(), reach=reach, refused=refused)


def _layouts(case: Case) -> tuple[Degrees, ...]:
    return degrees.layouts(case.spec, case.model, case.device, case.nodes, case.devices_per_node)


def _plan(way: Way, layouts: tuple[Degrees, ...], terse: bool) -> Attempt:
    """Plans for the layouts that the runtime takes and that fit; at most `MOST_FIT`."""
    case = way.case
    taken = [item for item in layouts if legal(case, item)]
    if not taken:
        return Attempt() if terse else _refused(way, layouts)
    for odd in (ragged, apart_alone):
        taken = [item for item in taken if not odd(case, item)] or taken
    kinds = [kv.choose(case, way.files.scheme if way.files else "")]
    if smaller := kv.smaller(case):
        kinds.append(smaller)
    rules = open_for(case, rules_of(case, True))
    close: tuple[Case, ...] = ()
    small: Case | None = None
    barred: Case | None = None
    for kind in kinds:
        apart = case.capabilities.topology.tensor_kv
        split = [d for d in taken if d.tensor == 1 or apart is None or kind in apart]
        found = _weigh(way, split, kind, rules)
        if case.model is None and found.sure and (told := _by_name(found.sure[0])):
            return Attempt(refused=told, way=way, failed=found.sure[0])
        if found.sure:
            return Attempt(plans=found.sure, way=way)
        close = close or found.close
        small = found.small or small
        barred = barred or found.barred
    if close:
        return Attempt(plans=close, way=way)
    if terse:
        return Attempt()
    if barred is not None:
        both = (*_barred(barred, True), *_too_small(barred))
        return Attempt(refused=both, way=way, failed=barred)
    assert small is not None
    return Attempt(refused=_too_small(small), way=way, failed=small)


@record
class Weighed:
    """Plans that fit for certain, those inside the error of the sum, the best that does not fit,
    and the first that the runtime would refuse to start."""

    sure: tuple[Case, ...]
    close: tuple[Case, ...]
    small: Case | None
    barred: Case | None


def _weigh(way: Way, layouts: list[Degrees], kind: str, rules: list[Constraint]) -> Weighed:
    """The plans of some layouts by how they fit; at most `MOST_FIT` of each.

    The layouts stand in order, and other numbers of stages are tried only where those before do
    not fit: what stages cost is predicted far less well than what a split costs. `rules`: those of
    the runtime that a plan may break.
    """
    sure: list[Case] = []
    close: list[Case] = []
    small: Case | None = None
    barred: Case | None = None
    stages = 0
    for item in layouts[:MOST_TRIED]:
        if sure and item.pipeline != stages:
            break
        tried = planned(way, item, kind)
        memory = tried.memory
        if rules and broken(tried, rules) is not None:
            if memory is None or memory.fits is not False:
                barred = barred or tried
            elif small is None or memory.margin > _margin(small):
                small = tried
            continue
        if memory is None or memory.fits is None or memory.margin >= memory.band:
            sure.append(tried)
            stages = item.pipeline
        elif memory.fits:
            close.append(tried)
        elif small is None or memory.margin > _margin(small):
            small = tried
        if len(sure) == MOST_FIT:
            break
    return Weighed(tuple(sure), tuple(close[:MOST_FIT]), small, barred)


def _barred(case: Case, planned: bool) -> tuple[Diagnostic, ...]:
    """What the runtime refuses by its own rules, all at once."""
    found = list(violations(case, rules_of(case, planned)))
    if not found:
        return ()
    from servec.compiler.rules.constrained import constrained

    return tuple(constrained(case, rule) for rule in found)


def _margin(case: Case) -> int:
    return case.memory.margin if case.memory is not None else 0


def _refused(way: Way, layouts: tuple[Degrees, ...]) -> Attempt:
    """What is wrong with the best layout that the spec admits."""
    from servec.compiler.rules import (
        srv310_feature_missing,
        srv401_heads_tensor,
        srv403_quant_blocks,
        srv405_experts_divide,
    )

    if not layouts:
        return Attempt(way=way)
    case = replace(way.case, plan=replace(way.base, degrees=layouts[0]))
    checks = (
        srv310_feature_missing.check,
        srv401_heads_tensor.check,
        srv405_experts_divide.check,
        srv403_quant_blocks.check,
    )
    refused = tuple(found for check in checks if (found := check(case)) is not None)
    return Attempt(refused=(*refused, *_barred(case, True)), way=way, failed=case)


def _by_name(case: Case) -> tuple[Diagnostic, ...]:
    """What the name of a repository tells that nothing else is known of."""
    from servec.compiler.rules.weights_by_name import check

    found = check(case)
    return (found,) if found is not None else ()


def _too_small(case: Case) -> tuple[Diagnostic, ...]:
    from servec.compiler.rules import srv307_memory

    found = srv307_memory.check(case)
    return (found,) if found is not None else ()
