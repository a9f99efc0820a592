"""One plan for one layout: every open choice made, and its memory summed."""

from __future__ import annotations

from servec.compiler.decide import (
    batch,
    caching,
    checkpoint,
    chunking,
    context,
    draft,
    fraction,
    replicas,
    tokens,
    workload,
)
from servec.compiler.plan import Degrees, Plan
from servec.compiler.ranks import sequences_apart
from servec.dsl.record import record, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.decide.checkpoint import Loading
    from servec.compiler.memory.account import Account, Served
    from servec.compiler.target import Case


@record
class Way:
    """A runtime on a site, before a layout is taken: the case, and how the weights get there.

    `base` is a plan in which all is decided that does not depend on the layout.
    """

    case: Case
    files: Loading | None
    base: Plan


def way_of(case: Case, files: Loading | None) -> Way:
    """Decide what every layout shares; `files` says how the weights get there, if that is known."""
    spec, number = case.spec, replicas.least(case.spec)
    length, seqs, chunked = context.choose(case), batch.choose(case, number), chunking.choose(case)
    scheme = files.scheme if files else spec.word("precision.weights") or ""
    native = not scheme or checkpoint.runs(case.capabilities, case.device, scheme) != "emulated"
    base = Plan(
        degrees=Degrees(),
        replicas=number,
        nodes=case.nodes,
        devices_per_node=case.devices_per_node,
        weights=scheme,
        weights_word=files.word if files else scheme,
        kv="",
        checkpoint=files.repo if files else spec.word("checkpoint.repo") or _model(case),
        load=files.load if files else "as_is",
        native=native,
        fallback="" if native else case.capabilities.precisions[scheme].how,
        memory_fraction=fraction.choose(case),
        max_model_len=length,
        max_seqs=seqs,
        max_batched_tokens=tokens.choose(case, length, seqs, chunked),
        draft_tokens=draft.choose(case),
        prefix_cache=caching.choose(case),
        chunked_prefill=chunked,
    )
    return Way(case, files, base)


def planned(way: Way, layout: Degrees, kind: str, copies: int = 0) -> Case:
    """The case with its plan and memory for one layout, a cache of `kind`, and so many copies."""
    case, base = way.case, way.base
    number, seqs, size = copies or base.replicas, base.max_seqs, base.max_batched_tokens
    ranks = layout.data if sequences_apart(case) else 1
    if number != base.replicas or ranks > 1:
        seqs = -(-batch.choose(case, number) // ranks)
        size = tokens.choose(case, base.max_model_len, seqs, base.chunked_prefill)
    plan = replace(
        base,
        degrees=layout,
        kv=kind,
        replicas=number,
        max_seqs=seqs,
        max_batched_tokens=size,
    )
    made = replace(case, plan=plan)
    return made if case.model is None else weighed(made)


def _model(case: Case) -> str:
    return case.model.id if case.model is not None else case.spec.word("model") or ""


def weighed(case: Case) -> Case:
    """The case with its memory; an open context is shortened to what one sequence may hold.

    Where every slot has its context set aside, slots that no load asks for are given up first, and
    those that one asks for last: then requests wait.
    """
    from servec.compiler.memory.estimate import estimate, summed

    served, found, memory = summed(case)
    roomless = case.capabilities.reserves and memory.budget is not None
    if roomless and memory.margin < memory.band and not workload.in_flight(case.spec, 1):
        case = _fewer(case)
        served, found, memory = summed(case)
    for _ in range(2):
        if memory.budget is None or memory.margin >= memory.band or not context.open_ended(case):
            break
        shorter = _shorter(case, served, found)
        if shorter is None:
            break
        case = shorter
        served, found, memory = summed(case)
    if roomless and memory.margin < memory.band:
        case = _fewer(case)
        memory = estimate(case)
    return replace(case, memory=memory)


def _fewer(case: Case) -> Case:
    """The case with as many slots as there is memory for; no fewer than the spec promises."""
    from servec.compiler.memory.fit import most_sequences

    plan, promise = case.plan, case.spec.lower("limits.batch")
    assert plan is not None
    least = int(str(promise.value)) if promise is not None else 1
    slots = max(least, min(plan.max_seqs, most_sequences(case) or most_sequences(case, sure=False)))
    return replace(case, plan=replace(plan, max_seqs=slots))


def _shorter(case: Case, served: Served, found: Account) -> Case | None:
    """The case with the longest context that its memory holds; None where that changes nothing.

    Without chunked prefill a pass holds a whole context, so a shorter one takes less memory, too.
    """
    from servec.compiler.memory.fit import longest_of

    plan = case.plan
    assert plan is not None
    length = context.shorten(case, longest_of(case, served, found))
    if length >= plan.max_model_len:
        return None
    size = tokens.choose(case, length, plan.max_seqs, plan.chunked_prefill)
    return replace(case, plan=replace(plan, max_model_len=length, max_batched_tokens=size))
