"""The longest sequence that a replica accepts."""

from __future__ import annotations

from servec.compiler.decide import workload
from servec.compiler.plan import Reason

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.target import Case

PATH = "limits.context"
ROUND = 1024
"""A length that memory sets is rounded down to this, so that small changes do not show."""


def choose(case: Case) -> int:
    """What the spec pins or bounds, else the model's own maximum; 0 where neither is known."""
    bound = case.spec.upper(PATH)
    most = case.model.max_context if case.model is not None else 0
    if bound is None:
        return most
    said = int(str(bound.value))
    return said if case.spec.pin(PATH) or not most else min(said, most)


def open_ended(case: Case) -> bool:
    """Whether memory may shorten the context: it is not pinned."""
    return case.spec.pin(PATH) is None


def least(case: Case) -> int:
    """The shortest context that still serves the stated load: one long request."""
    most = choose(case)
    return min(most, workload.tail(case.spec) or ROUND * 4) if most else 0


def shorten(case: Case, tokens: int) -> int:
    """The context for a memory that holds `tokens` of one sequence.

    Rounded down, but no shorter than a long request while that fits; and never shorter than a
    mean request, whether or not that fits.
    """
    if tokens >= least(case):
        return max(least(case), tokens // ROUND * ROUND)
    return max(tokens, min(choose(case), workload.mean(case.spec) or ROUND))


def reason(case: Case, length: int) -> Reason | None:
    """Why this length, where the spec does not pin it."""
    if case.spec.pin(PATH) is not None or case.model is None or not length:
        return None
    if length >= case.model.max_context:
        return Reason(PATH, f"{length}: all that {case.model.name} was trained for")
    if case.spec.upper(PATH) is not None and length == choose(case):
        return Reason(PATH, f"{length}: the bound of the spec")
    return Reason(PATH, f"{length}: what is left for one sequence after the weights")
