"""How many copies of the engine run, and on how many nodes."""

from __future__ import annotations

from servec.targets.shared.effective import planned
from servec.targets.shared.replicas import most_replicas

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from servec.compiler.target import Case


def is_dense(case: Case) -> bool:
    """Whether `data` stands for copies of a model without experts, which Ray runs as such.

    Source: vllm 0.29.0 vllm/config/parallel.py: no data parallelism of dense models from outside.
    """
    return case.model is not None and not case.model.experts


def copies_of(case: Case) -> dict[str, Any]:
    """The deployment's number of replicas, or its bounds where the spec leaves it open.

    A copy is added when more requests are under way than the present ones run at once; unasked,
    Ray LLM would wait for 10^9 (constants.py DEFAULT_MAX_TARGET_ONGOING_REQUESTS). With data ranks
    Ray counts groups of them (dp_server.py get_deployment_options).
    """
    plan = planned(case)
    each = plan.degrees.data if is_dense(case) else 1
    low, high = plan.replicas * each, most_replicas(case) * each
    if low == high:
        return {"num_replicas": low}
    target = 0 if case.spec.word("defaults") == "runtime" else plan.max_seqs
    bounds: dict[str, Any] = {"min_replicas": low, "max_replicas": high}
    return {
        "autoscaling_config": {**bounds, **({"target_ongoing_requests": target} if target else {})}
    }


def nodes_of(cases: tuple[Case, ...]) -> int:
    """The nodes of the whole cluster when every copy runs."""
    return sum(most_replicas(case) * planned(case).nodes for case in cases)
