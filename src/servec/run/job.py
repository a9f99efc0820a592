"""What to run: the steps of a deployment with everything that is said from outside."""

from __future__ import annotations

import os

from servec.dsl.record import record
from servec.targets.shared.artifacts.words import reference

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from servec.compiler.steps.node import Node
    from servec.run.place import Place

PART = ".part"
"""What a product is called until it is whole, as in `build.sh`."""


@record
class Job:
    """The steps to run, in order. `environment`: the variables of this process, which win over the
    defaults of a step. `health` by server: where it answers 200 when it is ready, "" nowhere.
    `devices` by server: the variables that give it its own of the machine's devices.
    `secrets`: names of variables whose values are never printed. `patience`: seconds a server has.
    """

    place: Place
    nodes: tuple[Node, ...]
    environment: Mapping[str, str]
    health: Mapping[str, str]
    secrets: tuple[str, ...] = ()
    patience: float = 1800.0
    devices: Mapping[str, Mapping[str, str]] = {}

    def variables(self, node: Node) -> dict[str, str]:
        """What a step sets: its own variables, those of servec's as they are outside."""
        return {
            name: self.environment.get(name, value) if name.startswith("SERVEC_") else value
            for name, value in node.env.items()
        }

    def argv(self, node: Node) -> tuple[str, ...]:
        """The command of a piece of work, with its references filled in."""
        env = self.variables(node)
        return tuple(env.get(reference(word), word) for word in node.argv)

    def command(self, node: Node) -> tuple[str, ...]:
        """The command that runs a step: its own for work, else an emitted script."""
        if node.works:
            aside = {path: path + PART for path in node.makes}
            return tuple(aside.get(word, word) for word in self.argv(node))
        name = "launch.sh" if node.serves else node.argv[-1]
        words = node.process.split() if node.serves else []
        return ("bash", f"{self.place.scripts}/{name}", *words)

    def path(self, path: str) -> str:
        """A path of the project as this process names it."""
        return os.path.join(self.place.root, path)

    def hidden(self, text: str) -> str:
        """`text` without the values of secrets."""
        for name in self.secrets:
            value = self.environment.get(name, "")
            if value:
                text = text.replace(value, f"${{{name}}}")
        return text


def absent(job: Job, nodes: Iterable[Node]) -> list[str]:
    """The programs and files that steps call and that are not here, each once."""
    import shutil

    path = job.environment.get("PATH", "")
    found: list[str] = []
    for node in nodes:
        own = () if node.kind == "bench" else ("curl",) if node.kind == "probe" else node.argv[:1]
        for word in ("bash", *own):
            where = job.path(word) if "/" in word else word
            if not shutil.which(where, path=path):
                found.append(f"`{word}` (for {node.name})")
        found += _scripts(job, node) if node.works else ()
    return list(dict.fromkeys(found))


def _scripts(job: Job, node: Node) -> Iterator[str]:
    """The Python files that a piece of work runs and that are not here."""
    for word in node.argv[1:]:
        name = reference(word)
        path = job.variables(node).get(name, word)
        if path.endswith(".py") and not os.path.exists(job.path(path)):
            yield f"{path} (for {node.name}{f'; {name} says where it is' if name else ''})"
