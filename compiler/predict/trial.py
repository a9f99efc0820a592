"""A load test of one replica: what `bench.sh` and `servec bench` send."""

from __future__ import annotations

import math

from servec.compiler.decide.workload import kind
from servec.compiler.predict.load import load, typical, usual
from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.plan import Plan
    from servec.dsl.spec import Spec

FEWEST, MOST = 32, 2000
"""Requests of a test: enough for a 95th percentile that is no single request, and an end."""
ROUNDS, SECONDS = 4, 120
"""How often each place of a closed load is used, and how long an open load lasts."""
FIELDS = ("input", "output", "prefix_share")
TEMPLATE = 32
"""Tokens left free for what a chat template adds to a prompt."""


@record
class Trial:
    """Requests to send: tokens of each (`shared` of the `inputs` are alike in all of them), how
    many, and how: `concurrency` at a time, or `rate` a second (0 = the other kind)."""

    inputs: int
    outputs: int
    shared: int
    requests: int
    concurrency: int
    rate: float


def trial(spec: Spec, plan: Plan, shape: str = "") -> Trial:
    """The spec's workload as one replica sees it; one request at a time where none is stated.

    `shape`: with the lengths that are usual for this kind of workload instead of the spec's.
    Lengths that one context cannot hold are cut: the prompt gives way to the answer.
    """
    said = load(spec, plan)
    inputs, outputs, share = _lengths(spec, shape)
    if plan.max_model_len:
        outputs = min(outputs, plan.max_model_len // 2)
        inputs = max(1, min(inputs, plan.max_model_len - outputs - TEMPLATE))
    rate = said.rate if said else 0.0
    concurrency = 0 if rate else max(1, round(said.concurrency if said else 1))
    wanted = math.ceil(rate * SECONDS) if rate else ROUNDS * concurrency
    return Trial(
        inputs=inputs,
        outputs=outputs,
        shared=min(inputs - 1, round(inputs * share)),
        requests=min(MOST, max(FEWEST, wanted)),
        concurrency=concurrency,
        rate=rate,
    )


def _lengths(spec: Spec, shape: str) -> tuple[int, int, float]:
    """Tokens of the text of a prompt, of the answer, and the share of the prompt that is common."""
    name = kind(spec)
    if shape:
        values = [typical(shape)[field] for field in FIELDS]
    else:
        values = [usual(spec, field, name) for field in FIELDS]
    return max(1, round(values[0])), round(values[1]), values[2]
