"""A compilation as the document `servec.compile/1`."""

from __future__ import annotations

from hashlib import sha256

from servec.cli.documents.candidate import (
    MemoryDocument,
    MemoryItemDocument,
    PerformanceDocument,
    PlanDocument,
    RangeDocument,
    ReasonDocument,
    RoleDocument,
    SloDocument,
)
from servec.cli.documents.compile import (
    CandidateDocument,
    DeploymentDocument,
    FileDocument,
    FleetDocument,
    PlacementDocument,
    PointDocument,
    ProcessDocument,
    StepDocument,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from servec.compiler.plan import Memory, Performance, Plan, Range, Reason
    from servec.compiler.result import Candidate, DeploymentResult, FleetResult
    from servec.compiler.search.front import Point
    from servec.compiler.target import Case
    from servec.emissions import Emission

MS = 1000
HOUR = 1e6 / 3600
"""From a price per hour and tokens per second to the price of a million tokens."""


def deployment_documents(
    deployments: Sequence[DeploymentResult], emissions: Sequence[Emission], out: str
) -> tuple[DeploymentDocument, ...]:
    """Every deployment with its candidates; files of `emissions` lie below `out`."""
    files = {emission.folder: emission for emission in emissions}
    return tuple(
        DeploymentDocument(
            name=each.spec.name,
            spec=each.spec.file,
            chosen=each.chosen.target if each.chosen else None,
            candidates=tuple(
                _candidate(c, _emission(each, c, files), out) for c in each.candidates
            ),
        )
        for each in deployments
    )


def _emission(
    each: DeploymentResult, candidate: Candidate, files: dict[str, Emission]
) -> Emission | None:
    found = files.get(f"{each.spec.name}/{candidate.target}")
    return found if found and any(c is candidate for c in each.emit) else None


def _candidate(candidate: Candidate, emission: Emission | None, out: str) -> CandidateDocument:
    launch = emission.launch if emission else None
    if launch is None and not candidate.rejected and candidate.cases:
        launch = candidate.launch()
    roles = len(candidate.cases) > 1
    performance = candidate.performance
    return CandidateDocument(
        target=candidate.target,
        version=candidate.version,
        status=candidate.status,
        reasons=reason_documents(candidate.reasons),
        plan=_plan(candidate.plan),
        processes=tuple(
            ProcessDocument(p.name, p.role, p.node_rank, p.argv, p.env, p.files)
            for p in (launch.processes if launch else ())
        ),
        files=tuple(_files(emission, out)) if emission else (),
        memory=_memory(candidate.memory),
        performance=_performance(performance),
        abstained=performance.abstained if performance else "",
        roles={case.role: _role(case) for case in candidate.cases} if roles else {},
        steps=tuple(
            StepDocument(s.name, s.kind, s.argv, s.env) for s in (launch.steps if launch else ())
        ),
    )


def _files(emission: Emission, out: str) -> Iterable[FileDocument]:
    for artifact in emission.artifacts:
        digest = sha256(artifact.text.encode()).hexdigest()
        path = f"{out.rstrip('/') or '/'}/{emission.folder}/{artifact.path}"
        yield FileDocument(path, artifact.kind, digest)


def _role(case: Case) -> RoleDocument:
    return RoleDocument(_plan(case.plan), _memory(case.memory), _performance(case.performance))


def reason_documents(reasons: Iterable[Reason]) -> tuple[ReasonDocument, ...]:
    """Reasons for and against, in order."""
    return tuple(ReasonDocument(r.code, r.text, r.good, r.figures) for r in reasons)


def _plan(plan: Plan | None) -> PlanDocument | None:
    return None if plan is None else _planned(plan)


def _planned(plan: Plan) -> PlanDocument:
    degrees = plan.degrees
    return PlanDocument(
        tensor=degrees.tensor,
        pipeline=degrees.pipeline,
        data=degrees.data,
        expert=degrees.expert,
        context=degrees.context,
        replicas=plan.replicas,
        nodes=plan.nodes,
        gpus=plan.gpus,
        max_model_len=plan.max_model_len,
        max_seqs=plan.max_seqs,
        max_batched_tokens=plan.max_batched_tokens,
        weights=plan.weights_word,
        kv=plan.kv,
        checkpoint=plan.checkpoint,
        load=plan.load,  # type: ignore[arg-type]
        memory_fraction=float(plan.memory_fraction),
    )


def _memory(memory: Memory | None) -> MemoryDocument | None:
    if memory is None:
        return None
    return MemoryDocument(
        device_bytes=memory.device,
        budget_bytes=memory.budget,
        weights_bytes=memory.weights,
        activation_bytes=memory.activation,
        overhead_bytes=memory.overhead,
        kv_bytes_per_token=memory.kv_per_token,
        kv_pool_bytes=memory.kv_pool,
        kv_pool_tokens=memory.pool_tokens,
        fits=memory.fits,
        items=tuple(MemoryItemDocument(i.name, i.bytes, i.text) for i in memory.items),
    )


def _range(found: Range | None, scale: float = 1) -> RangeDocument | None:
    if found is None:
        return None
    return RangeDocument(found.low * scale, found.value * scale, found.high * scale)


def _each(total: float | None, flow: Range | None, scale: float) -> RangeDocument | None:
    """What a rate per hour or second comes to for each token; the most tokens are the cheapest."""
    if total is None or flow is None or flow.low <= 0:
        return None
    return RangeDocument(*(total * scale / rate for rate in (flow.high, flow.value, flow.low)))


def _performance(found: Performance | None) -> PerformanceDocument | None:
    """Null where the predictor abstains from everything; the promises it judged need a figure."""
    if found is None or (found.abstained and found.tpot is None and found.throughput is None):
        return None
    quantiles = {name: _range(value, MS) for name, value in found.quantiles.items()}
    return PerformanceDocument(
        ttft_ms=_range(found.ttft, MS),
        tpot_ms=_range(found.tpot, MS),
        throughput_tok_s=_range(found.throughput),
        slo=tuple(
            SloDocument(v.metric, v.op, v.bound, v.unit, v.verdict)  # type: ignore[arg-type]
            for v in found.slo
        ),
        e2e_ms=_range(found.e2e, MS),
        goodput_req_s=_range(found.goodput),
        quantiles_ms={name: value for name, value in quantiles.items() if value},
        cost_usd_h=found.cost,
        power_w=found.power,
        cost_usd_per_million_tokens=_each(found.cost, found.throughput, HOUR),
        energy_j_per_token=_each(found.power, found.throughput, 1),
    )


def point_documents(points: Iterable[Point]) -> tuple[PointDocument, ...]:
    """The points of the front, in order."""
    return tuple(
        PointDocument(
            target=point.target,
            version=point.version,
            plan=_planned(point.plans[0]),
            concurrency=point.load,
            stated=point.stated,
            chosen=point.chosen,
            ttft_ms=_range(point.performance.ttft, MS),
            tpot_ms=_range(point.performance.tpot, MS),
            e2e_ms=_range(point.performance.e2e, MS),
            throughput_tok_s=_range(point.performance.throughput),
            throughput_tok_s_gpu=point.each,
            roles=_roles(point) if len(point.cases) > 1 else {},
        )
        for point in points
        if point.front
    )


def _roles(point: Point) -> dict[str, PlanDocument]:
    pairs = zip(point.cases, point.plans, strict=True)
    return {case.role: _planned(plan) for case, plan in pairs}


def fleet_documents(fleets: Iterable[FleetResult]) -> tuple[FleetDocument, ...]:
    """Every fleet with its placements."""
    return tuple(
        FleetDocument(
            each.fleet.name,
            tuple(
                PlacementDocument(p.deployment, p.pool, p.replicas, p.devices)
                for p in each.placements
            ),
            each.cost,
            each.power,
        )
        for each in fleets
    )
