"""All artifacts of one deployment on one runtime, in the forms that apply to it."""

from __future__ import annotations

from servec.targets.shared.artifacts.bench import bench_script
from servec.targets.shared.artifacts.cluster import is_ray
from servec.targets.shared.artifacts.lock import lock_file
from servec.targets.shared.artifacts.probe import probe_script
from servec.targets.shared.artifacts.readme import readme
from servec.targets.shared.artifacts.shell import launch_script

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.target import Artifact
    from servec.targets.shared.artifacts.subject import Subject

# The words of the language; probe, bench, README and lock file always come along.
FORMS = ("shell", "compose", "k8s", "slurm", "systemd", "launchd", "ray", "triton")


def applying(subject: Subject) -> tuple[str, ...]:
    """The forms that make sense for this hardware and this number of nodes, in fixed order."""
    launch = subject.launch
    device = subject.case.device
    apple = device is not None and device.kind == "apple"
    several = any(process.node_rank > 0 for process in launch.processes)
    single = len(launch.processes) == 1
    datacentre = device is None or (device.kind == "gpu" and not device.edge)
    ray = is_ray(launch)
    apply = {
        "shell": True,
        "compose": bool(launch.image) and not several and not apple,
        "k8s": bool(launch.image) and datacentre,
        "slurm": datacentre and (ray or _on_slurm(subject)),
        "systemd": single and not apple,
        "launchd": single and apple,
        "ray": ray,
    }
    return tuple(form for form in FORMS if apply.get(form))


def _on_slurm(subject: Subject) -> bool:
    """Whether a batch script can place every process."""
    if len({process.role for process in subject.launch.processes}) == 1:
        return True
    from servec.targets.shared.artifacts.slurm_roles import placeable

    return placeable(subject)


def artifacts(subject: Subject) -> tuple[Artifact, ...]:
    """Every file to write, in order of path; the lock file holds the hashes of the others."""
    wanted = [f for f in applying(subject) if not subject.forms or f in subject.forms]
    made: list[Artifact] = [*subject.launch.configs]
    for form in wanted:
        made.extend(in_form(form, subject))
    if subject.launch.steps:
        from servec.targets.shared.artifacts.build import build_script

        made.append(build_script(subject))
    made.append(probe_script(subject))
    made.append(bench_script(subject))
    made.sort(key=lambda artifact: artifact.path)
    made.append(readme(subject, tuple(made)))
    made.append(lock_file(subject, tuple(made)))
    return tuple(sorted(made, key=lambda artifact: artifact.path))


def in_form(form: str, subject: Subject) -> tuple[Artifact, ...]:
    """The files of one form; each writer is imported when its form is asked for."""
    if form == "ray":
        return ()  # its file is one that the launch reads, which is always written
    if form == "shell":
        return (launch_script(subject),)
    if form == "compose":
        from servec.targets.shared.artifacts.compose import compose_file

        return (compose_file(subject),)
    if form == "k8s":
        from servec.targets.shared.artifacts.kubernetes import manifests

        return manifests(subject)
    if form == "slurm":
        from servec.targets.shared.artifacts.slurm import slurm_script

        return (slurm_script(subject),)
    from servec.targets.shared.artifacts.units import launchd_plist, systemd_unit

    process = subject.launch.processes[0]
    unit = launchd_plist if form == "launchd" else systemd_unit
    return (unit(subject, process),)
