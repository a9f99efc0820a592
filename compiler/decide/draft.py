"""How many tokens are proposed in one speculative step."""

from __future__ import annotations

from servec.compiler.plan import Reason

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.target import Case

PATH = "features.draft_tokens"
USUAL = {"mtp": 1, "eagle": 3, "eagle3": 3, "dflash": 7, "dspark": 3, "ngram": 5, "draft": 5}
"""Tokens by method: vllm docs/features/speculative_decoding/mtp.md ("a small value like 1 is a
good default"), n_gram.md and draft_model.md (5); 3 in the EAGLE-3
and DSpark, 7 in the DFlash recipes of vllm 0.33.0 recipes/models."""


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
