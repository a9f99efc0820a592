"""How many tokens are proposed in one speculative step."""

from __future__ import annotations

from servec.compiler.plan import Reason

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.target import Case

PATH = "features.draft_tokens"
USUAL = {"mtp": 1, "eagle3": 3, "ngram": 4, "draft": 5}
"""Tokens by method, as the runtimes' own guides start: vllm 0.33.0
docs/features/speculative_decoding (mtp 1, eagle3 3, ngram 4 to 5, draft model 5)."""


def choose(case: Case) -> int:
    """The pinned number, else the guides' for the method; 0 without speculation."""
    said = case.spec.whole(PATH)
    method = case.spec.word("features.speculative")
    if method is None:
        return 0
    return said if said is not None else USUAL.get(method, 0)


def reason(case: Case, tokens: int) -> Reason | None:
    """Why this number, where the spec does not say it."""
    if not tokens or case.spec.whole(PATH) is not None:
        return None
    method = case.spec.word("features.speculative")
    return Reason(
        PATH, f"{tokens}: where the guides start with {method}; measure before raising it"
    )
