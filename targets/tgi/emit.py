"""The TGI target: what it can do, and the process that serves a planned case."""

from __future__ import annotations

from servec.targets.shared.tabled import Tabled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.target import Case, Launch


class Tgi(Tabled):
    """Text Generation Inference, launched by `text-generation-launcher`."""

    name = "tgi"

    def engine_for(self, case: Case) -> tuple[str, str]:
        """Whose class runs the model, `own` or `transformers`, and why."""
        from servec.targets.tgi.engine import engine_of

        return engine_of(case)

    def launch(self, cases: tuple[Case, ...]) -> Launch:
        """The process of one replica."""
        from servec.targets.tgi.processes import launch

        return launch(cases)
