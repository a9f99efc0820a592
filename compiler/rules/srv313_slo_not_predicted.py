"""Placeholder until the predictor's rule lands."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.target import Case
    from servec.dsl.diagnostic import Diagnostic


def check(case: Case) -> Diagnostic | None:
    """Nothing yet."""
    return None
