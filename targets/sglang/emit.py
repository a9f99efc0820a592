"""The SGLang target: what it can do, and the processes that serve a planned case."""

from __future__ import annotations

from servec.targets.shared.tabled import Tabled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.target import Case, Launch


class Sglang(Tabled):
    """SGLang, launched by `python3 -m sglang.launch_server`."""

    name = "sglang"

    def launch(self, cases: tuple[Case, ...]) -> Launch:
        """The processes for one replica: one case, or prefill and decode."""
        from servec.targets.sglang.processes import front, processes
        from servec.targets.shared.launch import launch_of

        return launch_of(cases, processes, front)
