"""`servec.compile/1`: what `compile` and `plan` print."""

from __future__ import annotations

from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Literal

    from servec.cli.documents.candidate import (
        MemoryDocument,
        PerformanceDocument,
        PlanDocument,
        RangeDocument,
        ReasonDocument,
        RoleDocument,
    )
    from servec.cli.documents.check import DiagnosticDocument


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
