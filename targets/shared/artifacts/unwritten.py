"""Forms that were asked for and that a launch cannot be written in (SRV318)."""

from __future__ import annotations

from servec.compiler.rules.labels import at
from servec.dsl.diagnostic import Diagnostic, Figure, Fix
from servec.targets.shared.artifacts.forms import FORMS, applying

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from servec.targets.shared.artifacts.subject import Subject

NEEDS = {
    "compose": "compose drives one host, no Mac, and needs an image that can run the launch",
    "k8s": "manifests are for the devices of a data centre, and need an image",
    "slurm": "a batch script is for the devices of a data centre, and has to place every process",
    "systemd": "a unit is one process, and not on a Mac",
    "launchd": "an agent is one process on a Mac",
    "ray": "an application is what Ray Serve runs",
    "triton": "a model repository is what Triton serves",
}
"""What each form asks of a launch; shell is always written."""


def unwritten(subject: Subject) -> Iterator[Diagnostic]:
    """A warning for each form of the spec or the command line that is not among the files.

    Who asks for every form asks for what applies.
    """
    if set(subject.forms) == set(FORMS):
        return
    have = {*applying(subject), *(("triton",) if subject.target == "triton" else ())}
    for form in subject.forms:
        if form not in have:
            yield _missing(subject, form, ", ".join(name for name in FORMS if name in have))


def _missing(subject: Subject, form: str, have: str) -> Diagnostic:
    return Diagnostic(
        "SRV318",
        "warning",
        f"{subject.deployment} on {subject.target} is not written as `{form}`"[:100],
        at(subject.case.spec, "forms", f"no {form} among the files", "hardware"),
        (),
        (Figure("why", None, NEEDS[form]),),
        (Fix(f"ask for others: {have}"),),
        subject.deployment,
    )
