"""Speculative decoding as the spec and the plan state it, before a runtime's spelling."""

from __future__ import annotations

from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from servec.compiler.target import Case

# Tokens proposed where neither the spec nor the plan says: one for each layer an MTP checkpoint
# stores, else the figures of the runtimes' own guides (vllm 0.33.0 docs/features/spec_decode,
# sglang 0.5.23 arg_groups/speculative_hook.py _auto_choose_speculative_params).
USUAL = {"eagle": 3, "eagle3": 3, "dflash": 7, "dspark": 3, "ngram": 4, "draft": 3}
NEEDS_DRAFT = ("draft", "eagle", "eagle3", "dflash")
"""Methods that a model beside the served one drafts for."""
MAY_DRAFT = (*NEEDS_DRAFT, "dspark")


@record
class Drafting:
    """`method` is the language's word, `model` the draft's repository, `tokens` those proposed."""

    method: str
    model: str
    tokens: int


def drafting(case: Case, values: Mapping[str, Any]) -> Drafting | None:
    """What speculative decoding is asked for, None where there is none."""
    method = values.get("features.speculative")
    if not isinstance(method, str):
        return None
    stated = values.get("features.draft")
    model = case.draft.id if case.draft else str(stated or "")
    tokens = int(values.get("features.draft_tokens") or 0)
    if not tokens:
        layers = case.model.mtp_layers if case.model else 0
        tokens = USUAL.get(method, max(1, layers))
    return Drafting(method, model if method in MAY_DRAFT else "", tokens)
