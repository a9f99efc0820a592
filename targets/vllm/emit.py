"""The vLLM target: what it can do, and the processes that serve a planned case."""

from __future__ import annotations

from servec.targets.shared.tabled import Tabled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.target import Case, Launch


class Vllm(Tabled):
    """vLLM, launched by `vllm serve`."""

    name = "vllm"

    def launch(self, cases: tuple[Case, ...]) -> Launch:
        """The processes for one replica: one case, or prefill and decode."""
        from servec.targets.shared.launch import launch_of
        from servec.targets.vllm.processes import front, processes

        return launch_of(cases, processes, front)
