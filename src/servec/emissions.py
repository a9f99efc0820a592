"""What is emitted for the deployments of a result."""

from __future__ import annotations

from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from servec.compiler.result import Result
    from servec.compiler.target import Artifact, Launch
    from servec.dsl.diagnostic import Diagnostic
    from servec.dsl.sources import Sources
    from servec.targets.shared.artifacts.subject import Subject


@record
class Emission:
    """One deployment on one runtime: what has to run and the files that start it.

    `folder` is `<deployment>/<target>`; the paths of `artifacts` are relative to it. `findings`:
    forms that were asked for and are not among them.
    """

    deployment: str
    target: str
    version: str
    launch: Launch
    artifacts: tuple[Artifact, ...]
    findings: tuple[Diagnostic, ...] = ()

    @property
    def folder(self) -> str:
        """Where the files lie below the output folder."""
        return f"{self.deployment}/{self.target}"


def emissions_of(
    result: Result, sources: Sources, forms: Sequence[str] = ()
) -> tuple[Emission, ...]:
    """What is emitted for every deployment of `result`, in order; each folder once: two fleets may
    place one deployment."""
    from servec.emit import subject_of
    from servec.targets.shared.artifacts.forms import artifacts

    made: dict[str, Emission] = {}
    for each in result.deployments:
        for candidate in each.emit:
            if f"{each.spec.name}/{candidate.target}" in made:
                continue
            subject = subject_of(each, candidate, sources, tuple(forms))
            emission = Emission(
                each.spec.name,
                candidate.target,
                candidate.version,
                subject.launch,
                artifacts(subject),
                _lacking(subject),
            )
            made[emission.folder] = emission
    return tuple(made.values())


def _lacking(subject: Subject) -> tuple[Diagnostic, ...]:
    """The forms that were asked for and are not written."""
    if not subject.forms:
        return ()
    from servec.targets.shared.artifacts.unwritten import unwritten

    return tuple(unwritten(subject))
