"""Runtimes that tests make up: vLLM's capabilities under another name, changed where it matters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from servec.compiler.options.rule_set import RuleSet
from servec.compiler.target import Launch, Step
from servec.dsl.record import replace
from servec.targets import TARGETS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from servec.compiler.capabilities import Capabilities
    from servec.compiler.options.spoken import Spoken
    from servec.compiler.target import Case
    from servec.dsl.diagnostic import Diagnostic
    from servec.dsl.spec import Spec

VLLM = next(target for target in TARGETS if target.name == "vllm")
SGLANG = next(target for target in TARGETS if target.name == "sglang")


class Fake:
    """A target that can do what vLLM can, but for the changes it is made with."""

    def __init__(self, name: str, **changes: object) -> None:
        self.name = name
        self.steps: tuple[Step, ...] = ()
        self.changes = changes

    def version(self, spec: Spec) -> tuple[str, tuple[Diagnostic, ...]]:
        return "1", ()

    def capabilities(self, version: str) -> Capabilities:
        known = VLLM.capabilities("0.33.0")
        return replace(known, runtime=self.name, version=version, **self.changes)

    def check_options(self, spec: Spec, version: str) -> tuple[Diagnostic, ...]:
        return ()

    def constraints(self, version: str) -> RuleSet:
        """None."""
        return RuleSet((), {}, lambda row: True)

    def says(self, spec: Spec, version: str) -> Mapping[str, Spoken]:
        """Nothing."""
        return {}

    def lifted(self, spec: Spec, version: str) -> Spec:
        return spec

    def launch(self, cases: tuple[Case, ...]) -> Launch:
        return Launch(self.name, "1", (), steps=self.steps)
