"""The steady state of a case: the queue's, and what a plan adds to the formulas."""

from __future__ import annotations

from servec.compiler.predict.queue import settle
from servec.compiler.predict.speculative import drafting
from servec.dsl.record import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.predict.ground import Ground
    from servec.compiler.predict.latency import Traffic
    from servec.compiler.predict.load import Load
    from servec.compiler.predict.queue import Settled
    from servec.compiler.predict.speculative import Speculation
    from servec.compiler.target import Case


def steady(
    case: Case, asked: Load, ground: Ground, traffic: Traffic, found: Speculation
) -> Settled:
    """The settled load, with drafting, chunks of long prompts, roles, and the correction.

    A prompt longer than a pass is cut: each further chunk waits for one decode step. A prefill
    role decodes nothing, a decode role is not stopped by prefills.
    """
    plan, near = case.plan, ground.near
    assert plan is not None
    rate = 0.0 if case.role == "prefill" else asked.rate
    settled = settle(ground.shape, ground.values, traffic, rate)
    made = settled.latency
    chunks = 0.0
    if plan.chunked_prefill and plan.max_batched_tokens:
        chunks = max(0.0, traffic.fresh / plan.max_batched_tokens - 1.0)
    alone = case.role == "decode"
    mixed = 0.0 if alone else made.mixed
    token = made.step / found.usual if alone else made.tpot
    queue = 0.0 if alone else made.queue
    extra = drafting(case, found, ground.shape, made.step) / found.usual
    return replace(
        settled,
        latency=replace(
            made,
            ttft=(made.ttft - made.queue + queue + chunks * made.step) * near.ttft,
            tpot=(token + extra) * near.tpot,
            queue=queue * near.ttft,
            mixed=mixed * near.tpot,
        ),
    )
