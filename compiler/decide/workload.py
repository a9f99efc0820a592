"""The load as the decisions read it: token counts of a request and requests in flight."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.dsl.spec import Spec

TAIL = 2
"""A tail that is not stated is this many times the mean (language reference, workload)."""


def mean(spec: Spec) -> int:
    """Mean tokens of a request, prompt and answer; 0 where no length is stated."""
    return (spec.whole("workload.input") or 0) + (spec.whole("workload.output") or 0)


def tail(spec: Spec) -> int:
    """Tokens of a long request: the 95th percentiles of prompt and answer; 0 if not stated."""
    total = 0
    for name in ("input", "output"):
        size = spec.whole("workload." + name) or 0
        total += spec.whole(f"workload.{name}.p95") or TAIL * size
    return total


def kind(spec: Spec) -> str:
    """The kind of workload; `chat` where nothing is said, by task where that is no text."""
    said = spec.word("workload.kind")
    if said is not None:
        return said
    return {"embed": "embedding", "rerank": "rerank"}.get(spec.word("features.task") or "", "chat")


def one_pass(spec: Spec) -> bool:
    """Whether a request is done in one pass over its prompt, so that no cache is kept for it."""
    return kind(spec) in ("embedding", "rerank")


def in_flight(spec: Spec, replicas: int) -> int:
    """Requests in flight on one replica in a closed load, rounded up; 0 where none is stated."""
    return -(-(spec.whole("workload.concurrency") or 0) // max(1, replicas))
