"""What speculative decoding yields: tokens per step, as a range, since it depends on the text.

A step verifies k drafted tokens. If each is accepted with probability a, a step yields
1 + a + ... + a^k tokens on average (Leviathan et al. 2023, arXiv 2211.17192, eq. 1). The range of a
by method is what the runtimes' guides and papers report over kinds of text; it is wide on purpose.
"""

from __future__ import annotations

from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.predict.shape import Shape
    from servec.compiler.target import Case

ACCEPTED: dict[str, tuple[float, float, float]] = {
    "mtp": (0.6, 0.8, 0.9),
    "eagle3": (0.5, 0.7, 0.85),
    "draft": (0.4, 0.65, 0.85),
    "ngram": (0.05, 0.3, 0.7),
}
"""Acceptance per token: low, usual, high. mtp: DeepSeek-V3 report, arXiv 2412.19437, section 5.4.3
(0.85 to 0.90 for the second token); eagle3: arXiv 2503.01840, table 2 and figure 7 (0.7 to 0.8);
draft: arXiv 2211.17192, table 3 (0.53 to 0.8); ngram: depends on copying alone, a guess."""

DRAFT_COST: dict[str, float] = {"mtp": 1.0, "eagle3": 1.0, "ngram": 0.0, "draft": 0.0}
"""Layers of the model's own size that drafting one token reads; a draft model's are counted."""


@record
class Speculation:
    """`drafted` tokens a step, its yield (low, usual, high), and seconds of drafting in layers."""

    drafted: int = 0
    low: float = 1.0
    usual: float = 1.0
    high: float = 1.0
    method: str = ""


def speculation(case: Case) -> Speculation:
    """What the plan's speculation yields; nothing where there is none."""
    plan, method = case.plan, case.spec.word("features.speculative")
    if plan is None or not plan.draft_tokens or method not in ACCEPTED:
        return Speculation()
    low, usual, high = (tokens(rate, plan.draft_tokens) for rate in ACCEPTED[method])
    return Speculation(plan.draft_tokens, low, usual, high, method)


def tokens(accepted: float, drafted: int) -> float:
    """Mean tokens of a step."""
    return sum(accepted**i for i in range(drafted + 1))


def drafting(case: Case, found: Speculation, shape: Shape, step: float) -> float:
    """Seconds a step spends on drafting, as a share of the model's own step."""
    if not found.drafted:
        return 0.0
    draft = case.draft
    if draft is not None and case.model is not None:
        share = (draft.active or draft.total) / max(1, case.model.active or case.model.total)
        depth = draft.layers / max(1, shape.layers)
        return found.drafted * step * max(share, depth / 2)
    return found.drafted * step * DRAFT_COST.get(found.method, 0.0) / max(1, shape.layers)
