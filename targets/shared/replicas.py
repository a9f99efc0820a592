"""How many copies of a deployment may run, where its target starts and stops them itself."""

from __future__ import annotations

from servec.targets.shared.effective import planned

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.target import Case


def most_replicas(case: Case) -> int:
    """The most replicas that the spec admits, at least those that are planned."""
    bound = case.spec.upper("replicas")
    return max(planned(case).replicas, int(str(bound.value)) if bound is not None else 1)
