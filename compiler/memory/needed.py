"""How many sequences of what length must fit, by the language reference, `limits`."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.target import Case
    from servec.dsl.spec import Spec

LEAST = 4096
"""Tokens of a sequence where neither spec, plan nor model names a length."""


def needed(case: Case) -> tuple[int, int]:
    """Sequences on one attention rank and tokens of each that must fit.

    The context is what the spec pins, else what the plan chose, else the mean of prompt and answer.
    One sequence must fit, or the batch that the spec promises, spread over `data`.
    """
    return sequences(case), length(case)


def length(case: Case) -> int:
    """Tokens of one sequence that must fit."""
    pinned = case.spec.whole("limits.context")
    if pinned is not None:
        return pinned
    plan = case.plan
    if plan is not None and plan.max_model_len:
        return plan.max_model_len
    most = case.model.max_context if case.model is not None else 0
    return mean(case.spec) or min(most or LEAST, LEAST)


def sequences(case: Case) -> int:
    """Sequences of that length that must fit on one attention rank.

    A runtime that sets the context of every slot aside at the start needs room for all of them; the
    slots of a launch that states no context share the model's.
    """
    number = promised(case.spec)
    spec = case.spec
    shared = spec.word("defaults") == "runtime" and spec.setting("limits.context") is None
    if case.plan is not None and case.capabilities.reserves and not shared:
        number = max(number, case.plan.max_seqs)
    data = case.plan.degrees.data if case.plan is not None else 1
    return max(1, -(-number // data))


def promised(spec: Spec) -> int:
    """The batch that must run at a time: `batch` with `=` or `>=`, else one sequence.

    With `defaults = runtime` a pin is what the runtime is told, as in a launch that was read: its
    option is the most that it lets run, whatever the memory holds.
    """
    bound = spec.lower("limits.batch")
    if bound is None or (bound.op == "=" and spec.word("defaults") == "runtime"):
        return 1
    return int(str(bound.value))


def mean(spec: Spec) -> int:
    """Mean tokens of a request, prompt and answer; 0 where they are not stated."""
    return (spec.whole("workload.input") or 0) + (spec.whole("workload.output") or 0)
