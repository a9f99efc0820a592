"""Whether a limit of the command holds for each data rank or for the whole replica."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.target import Case


def sequences_apart(case: Case) -> bool:
    """Whether the command's number of sequences is that of one data rank."""
    return case.capabilities.topology.batch_per_rank or _copies(case)


def tokens_apart(case: Case) -> bool:
    """Whether the command's tokens of one pass are those of one data rank."""
    return case.capabilities.topology.tokens_per_rank or _copies(case)


def _copies(case: Case) -> bool:
    """Whether the ranks are copies of a dense model that take the command's limits each."""
    dense = case.model is not None and not case.model.experts
    return dense and case.capabilities.topology.copies_apart
