"""The findings of a call, each on the launch line that it is about."""

from __future__ import annotations

from servec.cli.judged import stated_version
from servec.cli.retold.anchors import Anchors
from servec.cli.retold.launch import launch_of
from servec.cli.retold.retell import retold
from servec.cli.retold.script import in_script
from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from servec.cli.retold.launch import Launch
    from servec.cli.sources import DiskSources
    from servec.compiler.result import DeploymentResult
    from servec.dsl.diagnostic import Diagnostic
    from servec.targets.shared.importing.compiled import Outcome
    from servec.targets.shared.importing.programs.program import Command

NOTEBOOK = ".ipynb"
"""A file whose lines are not those that are shown of it."""
NAME, SPEC = "launch", "imported.srv"
"""What the text of a launch is called where there is one alone, and the spec between."""


@record
class Beside:
    """What is stated beside the commands: the file that they stand in, the hardware as a spec
    writes it, and the version of a line that is older than the tables; "" for none."""

    script: str = ""
    hardware: str = ""
    release: str = ""


def on_lines(
    commands: Sequence[Command],
    outcomes: Sequence[Outcome],
    deployments: Sequence[DeploymentResult],
    found: Sequence[Diagnostic],
    sources: DiskSources,
    beside: Beside,
) -> tuple[tuple[Diagnostic, ...], str]:
    """The findings in the words of the commands, and what the summary calls these.

    They stay as they are where several commands make one deployment.
    """
    runtimes = [item.imported.runtime for item in outcomes]
    apart = len(commands) == len(outcomes) == len(deployments)
    if not apart or any(c.runtime not in ("", r) for c, r in zip(commands, runtimes, strict=True)):
        return tuple(found), SPEC
    known: dict[str, Anchors] = {}
    script = beside.script
    name = f"{NAME} in {script}" if script else NAME
    for command, outcome, each in zip(commands, outcomes, deployments, strict=True):
        path = name if len(commands) == 1 else name.replace(NAME, f"{NAME} of {each.spec.name}", 1)
        launch = _launch(path, command, outcome, each, beside)
        sources.put(path, launch.text.encode())
        if command.written is not None:
            from servec.cli.retold.program import in_program

            sources.put(command.written.file, command.written.text.encode())
            launch = in_program(launch, command.written)
        plain = script and command.written is None and not script.lower().endswith(NOTEBOOK)
        data = sources.read(script) if plain else None
        launch = launch if data is None else in_script(launch, script, data)
        made = outcome.imported.sheet
        known[each.spec.name] = Anchors(each.spec, launch, made.origin, made.table)
    first = next(iter(known.values()))
    told = [retold(item, known.get(item.deployment, first)) for item in found]
    return _once(sorted(told, key=lambda item: (item.order, not item.fixes))), script or name


def _once(found: Sequence[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The findings, each once: what a field and its option both break reads alike by now."""
    kept = {(item.title, item.primary, item.figures[:1]): item for item in reversed(found)}
    return tuple(item for item in found if kept[item.title, item.primary, item.figures[:1]] is item)


def _launch(
    path: str, command: Command, outcome: Outcome, each: DeploymentResult, beside: Beside
) -> Launch:
    """The command laid out; secrets stay outside."""
    made = outcome.imported
    kind = each.spec.pin("hardware")
    taken = kind.text if kind is not None and not kind.text.startswith("any") else ""
    stated = beside.hardware if " x " in beside.hardware else ""
    version = beside.release or stated_version(each, made.runtime)
    return launch_of(
        path,
        made.sheet.table,
        command.program or (made.runtime,),
        command.given or command.words,
        dict(made.said.short),
        {name: value for name, value in command.env.items() if name not in made.withheld},
        (f"{made.runtime} {version or made.version}", stated or taken),
    )
