"""Why each open thing of a plan was filled as it is."""

from __future__ import annotations

from servec.compiler.decide import (
    batch,
    caching,
    checkpoint,
    chunking,
    context,
    draft,
    fraction,
    kv,
    replicas,
    tokens,
)
from servec.compiler.plan import Reason
from servec.compiler.ranks import sequences_apart
from servec.compiler.target import engine

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.target import Case


def decisions(case: Case, files: checkpoint.Loading | None) -> tuple[Reason, ...]:
    """Why each open thing of the plan was filled as it is; what its search told of sizes stands."""
    plan = case.plan
    if plan is None:
        return ()
    sizes = {reason.code: reason for reason in plan.reasons}
    found = (
        checkpoint.reason(case, files) if files is not None else None,
        kv.reason(case, plan.kv),
        layout(case),
        context.reason(case, plan.max_model_len),
        sizes.get(batch.PATH) or batch.reason(case, plan.max_seqs, plan.replicas, _ranks(case)),
        sizes.get(tokens.PATH) or tokens.reason(case, plan.max_batched_tokens),
        fraction.reason(case, plan.memory_fraction),
        caching.reason(case, plan.prefix_cache),
        chunking.reason(case, plan.chunked_prefill),
        draft.reason(case, plan.draft_tokens),
        replicas.reason(case, plan.replicas),
        _engine(case),
    )
    return tuple(item for item in found if item is not None)


def _engine(case: Case) -> Reason | None:
    """Which engine serves, and why, of a runtime with several."""
    name, why = engine(case)
    return Reason("engine", f"{name}: {why}") if name else None


def _ranks(case: Case) -> int:
    """The ranks for each of which the command states its number of sequences."""
    assert case.plan is not None
    return case.plan.degrees.data if sequences_apart(case) else 1


def layout(case: Case) -> Reason | None:
    """Why these degrees, where the spec leaves any open."""
    plan, spec = case.plan, case.spec
    assert plan is not None
    if plan.gpus == 1 or (spec.pin("parallel.tensor") and spec.pin("parallel.expert")):
        return None
    known = case.performance is not None and case.performance.e2e is not None
    what = "the shortest predicted request" if known else "the usual one"
    return Reason("parallel", f"{plan.degrees}: {what} of the layouts that fit")
