"""Latency against throughput: what the plans of a deployment do at other loads than the stated one.

Each plan that can serve is predicted at a row of loads, with as many sequences as the load has. A
point is on the front where no other is both faster for a user and yields more of a device.
"""

from __future__ import annotations

from servec.compiler.choice.policy import table
from servec.compiler.decide import batch, tokens
from servec.compiler.search.candidate import predicted
from servec.compiler.search.planning import weighed
from servec.dsl.record import record, replace
from servec.dsl.spec import Setting

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from servec.compiler.plan import Performance, Plan
    from servec.compiler.result import Candidate, DeploymentResult
    from servec.compiler.target import Case
    from servec.dsl.spec import Spec

LOADS = tuple(2**power for power in range(11))
"""Requests in flight that are tried: the region in which runs were measured ends at 1024."""
GAIN = 0.01
"""A longer request that yields less than this share more is no point of the front."""
CLOSED, OPEN = "workload.concurrency", "workload.rate"


@record
class Point:
    """A plan of a candidate at one load: `load` requests in flight over all replicas.

    `cases`: one, or those of prefill and decode apart. `stated`: the load is the one that the spec
    states; then `load` is 0 where it states a rate. `front`: no other point has both a shorter
    request and more tokens per device.
    """

    target: str
    version: str
    cases: tuple[Case, ...]
    load: int
    performance: Performance
    stated: bool
    chosen: bool
    front: bool = False

    @property
    def plans(self) -> tuple[Plan, ...]:
        """The plan of each case, sized for this load."""
        return tuple(case.plan for case in self.cases if case.plan is not None)

    @property
    def layout(self) -> str:
        """`tensor 4, data 2 x 2`, with the role in front where there are roles."""
        parts = []
        for case, plan in zip(self.cases, self.plans, strict=True):
            copies = f" x {plan.replicas}" if plan.replicas > 1 else ""
            parts.append(f"{case.role} {plan.degrees}{copies}".lstrip())
        return "; ".join(parts)

    @property
    def devices(self) -> int:
        """Devices of all replicas and roles."""
        return sum(plan.gpus * max(1, plan.replicas) for plan in self.plans)

    @property
    def seconds(self) -> float:
        """Mean time of a request."""
        found = self.performance.e2e
        return found.value if found is not None else float("inf")

    @property
    def each(self) -> float:
        """Tokens per second and device."""
        found = self.performance.throughput
        return found.value / self.devices if found is not None else 0.0


def front(result: DeploymentResult) -> tuple[Point, ...]:
    """All points of a deployment, the shortest request first; those on the front are marked.

    Empty where no load is stated, and where nothing is predicted. Layers around another's engine
    are left out: they are as fast as what is beneath.
    """
    outer = table()["outer"]
    able = [item for item in result.candidates if not item.rejected and item.cases]
    bare = [item for item in able if item.target not in outer] or able
    points = [point for item in bare for point in _points(item)]
    points.sort(key=lambda p: (p.seconds, -p.each, p.target, p.layout, p.load))
    return tuple(_marked(points))


def _marked(points: list[Point]) -> Iterator[Point]:
    most = 0.0
    for point in points:
        ahead = point.each > most * (1 + GAIN) and _holds(point)
        most = max(most, point.each) if ahead else most
        yield replace(point, front=True) if ahead else point


def _holds(point: Point) -> bool:
    """Whether all requests run at once, and the memory of so many sequences fits."""
    if point.performance.waiting >= 1:
        return False
    sums = [case.memory if point.stated else weighed(case).memory for case in point.cases]
    return all(memory is None or memory.fits is not False for memory in sums)


def _points(item: Candidate) -> Iterator[Point]:
    cases = item.cases
    if item.performance is None or any(case.plan is None for case in cases):
        return
    stated = cases[0].spec.whole(CLOSED) or 0
    for load in sorted({*LOADS, stated}) if stated else (0, *LOADS):
        here = load == stated
        tried = cases if here else tuple(at_load(case, load) for case in cases)
        found = item.performance if here else _performance(tried)
        if found is None or found.e2e is None or found.throughput is None:
            continue
        chosen = item.status == "chosen"
        yield Point(item.target, item.version, tried, load, found, here, chosen)
        if found.waiting >= 1:
            return


def _performance(cases: tuple[Case, ...]) -> Performance | None:
    if len(cases) == 1:
        return predicted(cases[0]).performance
    from servec.compiler.predict.roles import apart

    roles = {case.role: case for case in cases}
    return apart(roles["prefill"], roles["decode"]) if len(roles) == len(cases) else None


def at_load(case: Case, load: int) -> Case:
    """The case with so many requests in flight, and its sequences and passes sized for them."""
    plan = case.plan
    assert plan is not None
    case = replace(case, spec=_asking(case.spec, load))
    seqs = max(1, -(-batch.choose(case, plan.replicas) // _ranks(case)))
    size = tokens.choose(case, plan.max_model_len, seqs, plan.chunked_prefill)
    sized = replace(case, plan=replace(plan, max_seqs=seqs, max_batched_tokens=size))
    return weighed(sized) if case.capabilities.reserves else sized


def _ranks(case: Case) -> int:
    from servec.compiler.ranks import sequences_apart

    return case.plan.degrees.data if case.plan is not None and sequences_apart(case) else 1


def _asking(spec: Spec, load: int) -> Spec:
    """The spec with a closed load in place of its own, as if that line said so."""
    said = spec.setting(CLOSED) or spec.setting(OPEN)
    if said is None:
        return spec
    kept = {path: one for path, one in spec.settings.items() if path not in (CLOSED, OPEN)}
    bound = replace(said.first, op="=", value=load, text=str(load))
    return replace(spec, settings={**kept, CLOSED: Setting(bound)})
