"""What arrives at one replica: lengths, requests in flight or arrivals, and what is shared."""

from __future__ import annotations

from functools import lru_cache
from os.path import dirname

from servec.compiler.decide.workload import TAIL, kind
from servec.dsl.json_file import load_json
from servec.dsl.kept import kept
from servec.dsl.record import record, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.plan import Plan
    from servec.dsl.spec import Spec

TILE = 28
"""Pixels of a side that one image token stands for (Qwen2-VL and later: patches of 14, merged 2 by
2); other towers take fewer tokens."""


@record
class Load:
    """The load of one replica. Tokens of a request are means; `_tail` their 95th percentiles.

    `concurrency` requests are in flight, or `rate` arrive in a second; 0 = not that kind of load.
    `shared`: share of a prompt that a cache may hold. `images`: in one request.
    """

    kind: str
    inputs: float
    outputs: float
    inputs_tail: float
    outputs_tail: float
    concurrency: float
    rate: float
    shared: float
    images: int = 0


def load(spec: Spec, plan: Plan) -> Load | None:
    """The load on each of the plan's replicas; None where none is stated.

    Lengths and the shared part that are not stated are those of the workload's kind.
    """
    whole = _whole(spec)
    replicas = max(1, plan.replicas)
    if whole is None or replicas == 1:
        return whole
    each = max(1.0, whole.concurrency / replicas) if whole.concurrency else 0.0
    return replace(whole, concurrency=each, rate=whole.rate / replicas)


@kept
def _whole(spec: Spec) -> Load | None:
    """The load on all replicas together."""
    name = kind(spec)
    concurrency = float(spec.number("workload.concurrency") or 0)
    rate = float(spec.number("workload.rate") or 0)
    if not concurrency and not rate:
        return None
    images = spec.whole("workload.images") or 0
    side = float(spec.number("workload.image_side") or 1024)
    inputs, outputs = usual(spec, "input", name), usual(spec, "output", name)
    return Load(
        kind=name,
        inputs=inputs + images * (side / TILE) ** 2,
        outputs=outputs,
        inputs_tail=float(spec.number("workload.input.p95") or TAIL * inputs),
        outputs_tail=float(spec.number("workload.output.p95") or TAIL * outputs),
        concurrency=concurrency,
        rate=rate,
        shared=usual(spec, "prefix_share", name),
        images=images,
    )


def usual(spec: Spec, field: str, kind: str) -> float:
    """What the spec says of a field of `workload`, else what is usual for its kind."""
    found = spec.number("workload." + field)
    return _table()[kind][field] if found is None else float(found)


def typical(kind: str) -> dict[str, float]:
    """What is usual for a kind of workload: `input`, `output`, `prefix_share`."""
    return _table()[kind]


@lru_cache(maxsize=1)
def _table() -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = load_json(dirname(__file__), "workloads.json")
    return found
