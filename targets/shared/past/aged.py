"""Runtimes whose memory is summed as a release without a table took it."""

from __future__ import annotations

from servec.compiler.options.versions import order
from servec.dsl.record import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from servec.compiler.capabilities import Capabilities
    from servec.compiler.options.rule_set import RuleSet
    from servec.compiler.target import Target
    from servec.dsl.spec import Spec
    from servec.targets.shared.past.line import Past

FIRST_V1, BOTH, LAST_V0 = "0.6.4", "0.8.0", "0.10.2"
"""Releases of vLLM: from the first to the last it had two engines, from the middle one on the new
one unless VLLM_USE_V1 or the chip said otherwise (vllm 0.8.0 engine/arg_utils.py
_is_v1_supported_oracle)."""
NEW_ENGINE = 80
"""The compute capability below which the new engine was not taken."""


class Aged:
    """A runtime that is itself in all but the release of its figures."""

    def __init__(self, target: Target, release: str) -> None:
        """A target, and the release whose memory it takes."""
        self._target = target
        self._release = release

    def __getattr__(self, name: str) -> Any:
        """All else is the target's own."""
        return getattr(self._target, name)

    def capabilities(self, version: str) -> Capabilities:
        """What the version of the table can do, with the memory of the release."""
        return replace(self._target.capabilities(version), release=self._release)

    def capabilities_for(self, spec: Spec, version: str) -> Capabilities:
        """The same of a target with several back ends."""
        apart = getattr(self._target, "capabilities_for", None)
        found: Capabilities = apart(spec, version) if apart else self.capabilities(version)
        return replace(found, release=self._release)

    def constraints(self, version: str) -> RuleSet:
        """What refuses a launch of the release beside its parser: rules that begin later do not."""
        from servec.targets.shared.aside import load_constraints
        from servec.targets.shared.past.later import DATED

        own: RuleSet = self._target.constraints(version)
        name = self._target.name
        dated = name in DATED and not hasattr(self._target, "constraints_for")
        return load_constraints(name, self._release) if dated else own


def aged(targets: tuple[Target, ...], release: str) -> tuple[Target, ...]:
    """The targets, the one that `release` (`vllm@0.11.0`) names with the memory of that."""
    runtime, _, version = release.partition("@")
    found: list[Any] = [Aged(t, version) if t.name == runtime else t for t in targets]
    return tuple(found)


def memory_release(past: Past) -> str:
    """The release of a line, with the engine it takes where it has two: `vllm@0.8.3+v0`."""
    runtime, version = past.release.runtime, past.release.version
    engine = _engine(past, version) if runtime == "vllm" else ""
    return f"{runtime}@{version}{engine}"


def _engine(past: Past, version: str) -> str:
    from servec.compiler.catalogue.devices import find_device

    if not order(FIRST_V1) <= order(version) <= order(LAST_V0):
        return ""
    said = past.command.env.get("VLLM_USE_V1", "")
    if said in ("0", "false", "False"):
        return "+v0"
    device = find_device(past.hardware.partition(" ")[0]) if past.hardware else None
    if device is not None and 0 < device.capability < NEW_ENGINE:
        return "+v0"
    return "+v1" if said or order(version) >= order(BOTH) else "+v0"
