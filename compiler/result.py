"""What a compilation hands back: per deployment the candidates in order, and all findings."""

from __future__ import annotations

from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    from servec.compiler.plan import Memory, Performance, Plan, Reason
    from servec.compiler.target import Case, Launch
    from servec.dsl.diagnostic import Diagnostic
    from servec.dsl.document import Fleet
    from servec.dsl.sources import Sources
    from servec.dsl.spec import Spec

    Status = Literal["chosen", "possible", "rejected"]


@record
class Request:
    """What was asked for besides the documents.

    `targets`: the words of `--target` (`auto`, `all`, or names of targets that exist), empty where
    each spec decides. `deployment`: compile this one alone, "" for all. `wide`: keep several plans
    of a target as candidates (what `plan` shows). `sources`: where models that a spec names by path
    are read from. `brief`: only findings are wanted, not every candidate.
    """

    targets: tuple[str, ...] = ()
    deployment: str = ""
    wide: bool = False
    sources: Sources | None = None
    brief: bool = False


@record
class Candidate:
    """One runtime with one plan for one deployment.

    `cases` holds one case, or prefill and decode, each with plan, memory and performance; it is
    empty where the candidate was refused before it could have a plan. `performance` is that of
    the whole deployment. `reasons` speak for and against; of a rejected candidate the first ones
    carry the codes that reject it. `diagnostics` are its own findings, reported or not.
    """

    target: str
    version: str
    status: Status
    reasons: tuple[Reason, ...] = ()
    cases: tuple[Case, ...] = ()
    performance: Performance | None = None
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def plan(self) -> Plan | None:
        """The plan, None with roles (see `cases`) or where there is none."""
        return self.cases[0].plan if len(self.cases) == 1 else None

    @property
    def memory(self) -> Memory | None:
        """The memory of one device, None with roles (see `cases`) or where it is not known."""
        return self.cases[0].memory if len(self.cases) == 1 else None

    @property
    def rejected(self) -> bool:
        """Whether it cannot serve the deployment."""
        return self.status == "rejected"

    def launch(self) -> Launch:
        """The processes that have to run; only for candidates that are not rejected."""
        assert self.cases
        return self.cases[0].target.launch(self.cases)


@record
class DeploymentResult:
    """A deployment: its candidates (chosen, possible by rank, rejected by name) and findings.

    `emit` are the candidates whose artifacts are due: the chosen one, or each that was named or,
    with `all`, can serve. `diagnostics` are sorted and are part of the result's as well.
    """

    spec: Spec
    candidates: tuple[Candidate, ...]
    emit: tuple[Candidate, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def chosen(self) -> Candidate | None:
        """The candidate that was chosen, None where nothing is left."""
        first = self.candidates[0] if self.candidates else None
        return first if first and first.status == "chosen" else None


@record
class Placement:
    """Where a fleet puts a deployment: `replicas` of it on `devices` devices of a pool.

    `nodes` holds, for each replica, the numbers of the nodes of the pool it stands on.
    """

    deployment: str
    pool: str
    replicas: int
    devices: int
    nodes: tuple[tuple[int, ...], ...] = ()


@record
class FleetResult:
    """A fleet: its placements in the order of the file, price (USD/h) and power (W).

    `cost` and `power` are None where a figure for one of the devices in use is not known.
    """

    fleet: Fleet
    placements: tuple[Placement, ...]
    cost: float | None
    power: float | None


@record
class Result:
    """Everything about the documents of one call. `diagnostics` are sorted by place and code."""

    deployments: tuple[DeploymentResult, ...]
    fleets: tuple[FleetResult, ...]
    diagnostics: tuple[Diagnostic, ...]

    @property
    def failed(self) -> bool:
        """Whether an error is among the findings: then nothing may be written."""
        return any(found.severity == "error" for found in self.diagnostics)
