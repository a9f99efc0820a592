"""The llama.cpp target: what it can do, and the process that serves a planned case."""

from __future__ import annotations

from servec.targets.shared.tabled import Tabled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.target import Case, Launch


class Llamacpp(Tabled):
    """llama.cpp, launched by `llama-server`."""

    name = "llamacpp"

    def launch(self, cases: tuple[Case, ...]) -> Launch:
        """The process of one replica, after the steps that make its files."""
        from servec.targets.llamacpp.processes import launch

        return launch(cases[0])
