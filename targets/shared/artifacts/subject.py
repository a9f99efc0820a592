"""Everything a form may say about a deployment, gathered once for all forms."""

from __future__ import annotations

from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from servec.compiler.plan import Reason
    from servec.compiler.target import Case, Launch


@record
class Subject:
    """One deployment on one runtime, ready to be written.

    `spec`: the spec's path relative to the project root. `digest`: SHA-256 of the resolved
    deployment. `tables`: table name to SHA-256. `cases`: one, or prefill and decode, with plans.
    `replicas`: copies of the whole launch. `reasons`: why this runtime. `second`: the next best.
    `forms`: those asked for, empty = all that apply.
    """

    deployment: str
    target: str
    spec: str
    digest: str
    servec: str
    tables: Mapping[str, str]
    launch: Launch
    cases: tuple[Case, ...]
    replicas: int = 1
    reasons: tuple[Reason, ...] = ()
    second: str = ""
    forms: tuple[str, ...] = ()
    checklist: tuple[str, ...] = ()

    @property
    def case(self) -> Case:
        """The case that stands for the whole: the only one, or the decode role."""
        return self.cases[-1]

    @property
    def nodes(self) -> int:
        """Machines that one replica spans, over all roles."""
        return sum(case.nodes for case in self.cases)

    @property
    def folder(self) -> str:
        """Where the artifacts lie below the output folder."""
        return f"{self.deployment}/{self.target}"
