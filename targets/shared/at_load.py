"""A precision that the runtime makes while it loads."""

from __future__ import annotations

from servec.targets.shared.effective import planned

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.target import Case


def made_at_load(case: Case) -> str:
    """The runtime's word for a quantisation that it makes while it loads; "" where it makes none.

    A checkpoint that is quantised says so itself.
    """
    plan = planned(case)
    support = case.capabilities.precisions.get(plan.weights)
    return support.flag if plan.load == "at_load" and support is not None else ""
