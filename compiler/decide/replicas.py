"""How many copies of the deployment run."""

from __future__ import annotations

from servec.compiler.plan import Reason

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.target import Case
    from servec.dsl.spec import Spec

PATH = "replicas"
MOST_TRIED = 64
"""Counts that are tried between two bounds; more copies than this are a fleet's business."""


def least(spec: Spec) -> int:
    """The fewest copies that the spec admits."""
    bound = spec.lower(PATH)
    return int(str(bound.value)) if bound is not None else 1


def choices(spec: Spec) -> tuple[int, ...]:
    """All numbers of copies that the spec admits, fewest first."""
    low, bound = least(spec), spec.upper(PATH)
    high = int(str(bound.value)) if bound is not None else low
    return tuple(range(low, max(low, min(high, low + MOST_TRIED)) + 1))


def reason(case: Case, number: int) -> Reason | None:
    """Why this number, where the spec leaves a choice."""
    if len(choices(case.spec)) == 1:
        return None
    if number == least(case.spec):
        return Reason(PATH, f"{number}: the fewest the spec admits, and they keep the promises")
    return Reason(PATH, f"{number}: the fewest that keep the promises as predicted")
