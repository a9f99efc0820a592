"""Parts of a candidate in `servec.compile/1`: its reasons, plan, memory, performance and roles."""

from __future__ import annotations

from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Literal


@record
class ReasonDocument:
    """Why a candidate is where it is; `for`: whether it speaks for it."""

    code: str
    text: str
    for_: bool
    figures: Mapping[str, int | float | str]


@record
class PlanDocument:
    """The language's degrees and sizes of one replica, never the runtime's flags."""

    tensor: int
    pipeline: int
    data: int
    expert: int
    context: int
    replicas: int
    nodes: int
    gpus: int
    max_model_len: int
    max_seqs: int
    max_batched_tokens: int
    weights: str
    kv: str
    checkpoint: str
    load: Literal["as_is", "at_load", "convert"]
    memory_fraction: float


@record
class MemoryItemDocument:
    """One line of the memory sum."""

    name: str
    bytes: int
    text: str


@record
class MemoryDocument:
    """Bytes on the fullest device of one replica; null where the hardware's are not known."""

    device_bytes: int | None
    budget_bytes: int | None
    weights_bytes: int
    activation_bytes: int
    overhead_bytes: int
    kv_bytes_per_token: int
    kv_pool_bytes: int
    kv_pool_tokens: int
    fits: bool | None
    items: tuple[MemoryItemDocument, ...]


@record
class RangeDocument:
    """A prediction and the band around it."""

    low: float
    value: float
    high: float


@record
class SloDocument:
    """One promise of the spec, judged."""

    metric: str
    op: Literal["<=", ">="]
    bound: float
    unit: str
    verdict: Literal["met", "missed", "unsure"]


@record
class PerformanceDocument:
    """Means over requests; `quantiles` by name (`ttft.p95`), times in ms.

    Cost and energy are of tokens of answers, where price and power of the devices are known; energy
    is what they draw at most.
    """

    ttft_ms: RangeDocument | None
    tpot_ms: RangeDocument | None
    throughput_tok_s: RangeDocument | None
    slo: tuple[SloDocument, ...]
    e2e_ms: RangeDocument | None
    goodput_req_s: RangeDocument | None
    quantiles_ms: Mapping[str, RangeDocument]
    cost_usd_h: float | None
    power_w: float | None
    cost_usd_per_million_tokens: RangeDocument | None
    energy_j_per_token: RangeDocument | None


@record
class RoleDocument:
    """One role of a candidate that has roles."""

    plan: PlanDocument | None
    memory: MemoryDocument | None
    performance: PerformanceDocument | None
