"""Whether long prefills are cut and mixed with decode steps."""

from __future__ import annotations

from servec.compiler.decide import workload
from servec.compiler.plan import Reason

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.target import Case

PATH = "features.chunked_prefill"


def choose(case: Case) -> bool | None:
    """What the spec says; else on for generation where the runtime has it."""
    said = case.spec.flag(PATH)
    if said is not None:
        return said
    if "chunked_prefill" not in case.capabilities.features:
        return None
    return None if workload.one_pass(case.spec) else True


def reason(case: Case, on: bool | None) -> Reason | None:
    """Why, where the spec does not say it."""
    if case.spec.flag(PATH) is not None or on is None:
        return None
    return Reason(PATH, "on: a long prompt does not stop the answers that are under way")
