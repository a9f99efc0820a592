"""The LMDeploy target: what it can do, which engine serves, and the processes."""

from __future__ import annotations

from servec.targets.shared.tabled import Tabled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.target import Case, Launch


class Lmdeploy(Tabled):
    """LMDeploy, launched by `lmdeploy serve api_server` on TurboMind or its PyTorch engine."""

    name = "lmdeploy"

    def engine_for(self, case: Case) -> tuple[str, str]:
        """The engine that serves a case, `turbomind` or `pytorch`, and why."""
        from servec.targets.lmdeploy.engine import engine_of

        return engine_of(case)

    def launch(self, cases: tuple[Case, ...]) -> Launch:
        """The processes for one replica: one case, or prefill and decode."""
        from servec.targets.lmdeploy.processes import launch

        return launch(cases)
