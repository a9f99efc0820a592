"""`servec.compile/1`: what `compile` and `plan` print."""

from __future__ import annotations

from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Literal

    from servec.cli.documents.check import DiagnosticDocument


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
class ProcessDocument:
    """A process that has to run, word for word as the scripts run it."""

    name: str
    role: Literal["serve", "prefill", "decode", "router", "ray"]
    node_rank: int
    argv: tuple[str, ...]
    env: Mapping[str, str]
    files: tuple[str, ...]


@record
class StepDocument:
    """Work before the launch."""

    name: str
    kind: Literal["download", "convert", "quantize", "build"]
    argv: tuple[str, ...]
    env: Mapping[str, str]


@record
class FileDocument:
    """A file that was written (with `--check`: would be), below `--out` as given."""

    path: str
    kind: str
    sha256: str


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


@record
class CandidateDocument:
    """One runtime with one plan. `abstained`: why (a part of) `performance` is null."""

    target: str
    version: str
    status: Literal["chosen", "possible", "rejected"]
    reasons: tuple[ReasonDocument, ...]
    plan: PlanDocument | None
    processes: tuple[ProcessDocument, ...]
    files: tuple[FileDocument, ...]
    memory: MemoryDocument | None
    performance: PerformanceDocument | None
    abstained: str = ""
    roles: Mapping[str, RoleDocument] = {}
    steps: tuple[StepDocument, ...] = ()


@record
class PointDocument:
    """A plan at one load: `concurrency` requests in flight over all replicas, 0 at a stated rate.

    `stated`: that is the load of the spec; `chosen`: the plan is of the chosen runtime. `roles`:
    the plan of each role where prefill and decode are apart; `plan` is then that of the first.
    """

    target: str
    version: str
    plan: PlanDocument
    concurrency: int
    stated: bool
    chosen: bool
    ttft_ms: RangeDocument | None
    tpot_ms: RangeDocument | None
    e2e_ms: RangeDocument | None
    throughput_tok_s: RangeDocument | None
    throughput_tok_s_gpu: float
    roles: Mapping[str, PlanDocument] = {}


@record
class DeploymentDocument:
    """A deployment and its candidates: chosen first, possible by rank, rejected by name.

    `pareto` (of `plan`): the front of latency against throughput, the shortest request first.
    """

    name: str
    spec: str
    chosen: str | None
    candidates: tuple[CandidateDocument, ...]
    pareto: tuple[PointDocument, ...] = ()


@record
class PlacementDocument:
    """Where a fleet puts a deployment."""

    deployment: str
    pool: str
    replicas: int
    devices: int


@record
class FleetDocument:
    """A fleet: placements, price in USD/h and power in W, null where not known."""

    name: str
    placements: tuple[PlacementDocument, ...]
    cost: float | None
    power: float | None


@record
class DifferenceDocument:
    """What `--check` found: `missing`, `differs`, `mode` or `stale`."""

    path: str
    change: Literal["missing", "differs", "mode", "stale"]


@record
class NodeDocument:
    """A step of a graph: what it waits for, reads and makes."""

    name: str
    kind: Literal["download", "convert", "quantize", "build", "serve", "router", "probe", "bench"]
    argv: tuple[str, ...]
    after: tuple[str, ...]
    needs: tuple[str, ...]
    makes: tuple[str, ...]


@record
class GraphDocument:
    """The steps of a deployment on a runtime, each after what it waits for (`plan --graph`)."""

    deployment: str
    target: str
    steps: tuple[NodeDocument, ...]


@record
class CompileDocument:
    """Output of `compile` and `plan`, in the order of the command line, then of the file."""

    schema: Literal["servec.compile/1"] = "servec.compile/1"
    deployments: tuple[DeploymentDocument, ...] = ()
    fleets: tuple[FleetDocument, ...] = ()
    differences: tuple[DifferenceDocument, ...] = ()
    diagnostics: tuple[DiagnosticDocument, ...] = ()
    unlocked: tuple[str, ...] = ()
    graphs: tuple[GraphDocument, ...] = ()
    error: str = ""
