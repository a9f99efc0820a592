"""Runtimes whose memory is summed as a release without a table took it."""

from __future__ import annotations

import os

from servec.compiler.options.versions import order
from servec.dsl.json_file import load_json
from servec.dsl.record import replace
from servec.targets.shared.table import FOLDER

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from servec.compiler.capabilities import Capabilities
    from servec.compiler.options.rule_set import RuleSet
    from servec.compiler.options.spoken import Spoken
    from servec.compiler.target import Target
    from servec.dsl.spec import Spec
    from servec.targets.shared.importing.programs.program import Command
    from servec.targets.shared.past.line import Past

FILE = "two_engines.json"
"""Of a runtime that had two engines: the releases, and what chooses; the file says how."""
OFF = ("0", "false", "False")


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

    def says(self, spec: Spec, version: str) -> Mapping[str, Spoken]:
        """What the spec says to options, and to those that a variable of the release stood for."""
        from servec.compiler.options.spoken import Spoken
        from servec.targets.shared.past.by_hand import variables_at

        found = self._target.says(spec, version)
        made = dict(found)
        for variable, option in variables_at(self._target.name, self._release).items():
            block = spec.on.get(self._target.name)
            said = (block.env.get(variable) if block else None) or spec.env.get(variable)
            if said is not None and option not in made:
                made[option] = Spoken(said.value)
        return made if len(made) > len(found) else found

    def constraints(self, version: str) -> RuleSet:
        """What refuses a launch of the release beside its parser: rules that begin later do not."""
        from servec.targets.shared.aside import load_constraints
        from servec.targets.shared.past.ways import dated

        own: RuleSet = self._target.constraints(version)
        name = self._target.name
        plain = not hasattr(self._target, "constraints_for")
        return load_constraints(name, self._release) if dated(name) and plain else own


def aged(targets: tuple[Target, ...], release: str) -> tuple[Target, ...]:
    """The targets, the one that `release` (`vllm@0.11.0`) names with the memory of that."""
    runtime, _, version = release.partition("@")
    found: list[Any] = [Aged(t, version) if t.name == runtime else t for t in targets]
    return tuple(found)


def memory_release(past: Past) -> str:
    """The release of a line, with the engine it takes where it has two: `vllm@0.8.3+v0`; and with
    the class of a program in Python whose defaults are its own: `vllm@0.11.0+llm`."""
    runtime, version = past.release.runtime, past.release.version.partition("+")[0]
    there = os.path.exists(os.path.join(FOLDER, runtime, FILE))
    engine = _engine(past, version, load_json(FOLDER, runtime, FILE)) if there else ""
    word = usage(past.command, version)
    joined = ("." if engine else "+") + word if word else ""
    return f"{runtime}@{version}{engine}{joined}"


def usage(command: Command, version: str) -> str:
    """`llm` where a call of Python starts the engine with other defaults than its server's."""
    from servec.targets.shared.importing.python.known import calls, documents
    from servec.targets.shared.past.spans import holds

    if command.written is None:
        return ""
    path = command.program[-1:]
    row = documents().get(command.runtime, {}).get("usage", {})
    mine = (
        item
        for item in calls()
        if item.runtime == command.runtime and path == (item.row.get("paths", (item.name,))[0],)
    )
    taken = any(item.takes in row.get("takes", ()) for item in mine)
    return str(row["word"]) if taken and holds(row["releases"], version) else ""


def _engine(past: Past, version: str, two: Mapping[str, Any]) -> str:
    from servec.compiler.catalogue.devices import find_device

    if not order(two["first"]) <= order(version) <= order(two["last"]):
        return ""
    said = past.command.env.get(two["variable"], "")
    device = find_device(past.hardware.partition(" ")[0]) if past.hardware else None
    unfit = device is not None and 0 < device.capability < two["below"]
    taken = bool(said) or order(version) >= order(two["both"])
    return str(two["old"] if said in OFF or unfit or not taken else two["new"])
