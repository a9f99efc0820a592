"""From the command line of `run` to a job: the spec compiled, its scripts written, its steps."""

from __future__ import annotations

import os

from servec.cli.errors import MissingTool, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence

    from servec.api import Compiled
    from servec.cli.console import Console
    from servec.compiler.steps.node import Node
    from servec.compiler.target import Launch, Process
    from servec.emissions import Emission
    from servec.run.job import Job

FORMS = ("shell",)
PATIENCE = "SERVEC_WAIT"
DEVICES = "CUDA_VISIBLE_DEVICES"
"""Which devices a process sees, read by CUDA and by ROCm (rocm.docs.amd.com, GPU isolation)."""


def compiled_job(args: Namespace, console: Console) -> tuple[Compiled, Job | None]:
    """What was compiled, and the job; None where the spec has errors, which are reported.

    `UsageError` for what cannot run here, `MissingTool` where a program is missing.
    """
    from servec import api
    from servec.cli.given import given
    from servec.cli.report import report

    if os.name != "posix":
        raise UsageError("steps are shell scripts: run them on Linux or macOS")
    sources, names = given([args.spec])
    try:
        made = api.compile(
            sources, names, target=args.target, deployment=args.deployment, forms=FORMS
        )
    except api.BadTarget as error:
        raise UsageError(str(error)) from error
    report(console, made.diagnostics, sources, names)
    if made.failed:
        return made, None
    emission = _only(made, args)
    copies = _copies(made, emission)
    if copies > 1 and not args.dry_run:
        console.now(f"one of {copies} replicas runs here: the others are for other machines\n")
    return made, _job(emission, args, sources.root(names[0]))


def _copies(made: Compiled, emission: Emission) -> int:
    """The replicas of the plan; one where the launch starts them all by itself."""
    from servec.targets.shared.artifacts.cluster import is_ray

    if is_ray(emission.launch):
        return 1
    plans = [
        case.plan
        for each in made.result.deployments
        for able in each.emit
        for case in able.cases
        if each.spec.name == emission.deployment and able.target == emission.target
    ]
    return max((plan.replicas for plan in plans if plan is not None), default=1)


def _only(made: Compiled, args: Namespace) -> Emission:
    """The one launch to run."""
    if len(made.emissions) == 1:
        return made.emissions[0]
    if not made.emissions:
        what = (
            f"there is no deployment {args.deployment!r}" if args.deployment else "nothing to run"
        )
        raise UsageError(f"{what} in {args.spec}")
    deployments = list(dict.fromkeys(each.deployment for each in made.emissions))
    if len(deployments) > 1:
        raise UsageError(f"--deployment says which one to run: {', '.join(deployments)}")
    targets = ", ".join(each.target for each in made.emissions)
    raise UsageError(f"--target says which runtime to run: {targets}")


def _job(emission: Emission, args: Namespace, root: str) -> Job:
    from servec.compiler.steps.graph import steps_of
    from servec.run.job import Job
    from servec.run.place import Place
    from servec.targets.shared.artifacts.shell import keys

    launch = emission.launch
    nodes = _until(steps_of(launch, keys(launch.processes)), args.until or "probe")
    serves = any(node.serves for node in nodes)
    secrets = [name for process in launch.processes for name in process.secrets]
    job = Job(
        place=Place("" if root == "." else root, emission.folder),
        nodes=nodes,
        environment={PATIENCE: "1800", **os.environ},
        health={p.name: f"http://127.0.0.1:{p.port}{p.health}" if p.port and p.health else ""
                for p in launch.processes},
        secrets=tuple(dict.fromkeys(secrets)),
        patience=_patience(),
        devices=own_devices(launch.processes, os.environ.get(DEVICES, "")),
    )  # fmt: skip
    if not args.dry_run:
        _can_run(job, launch if serves else None)
        _write(job, emission)
    return job


def own_devices(processes: Sequence[Process], visible: str) -> dict[str, dict[str, str]]:
    """For each server of several on a machine the devices that are its alone, in order.

    `visible`: those that there are for all of them, "" where nobody says.
    """
    serving = [process for process in processes if process.gpus]
    there = [word for word in visible.split(",") if word]
    if len(serving) < 2 or (there and len(there) < sum(process.gpus for process in serving)):
        return {}
    words = there or [str(number) for number in range(sum(process.gpus for process in serving))]
    made: dict[str, dict[str, str]] = {}
    for process in serving:
        made[process.name] = {DEVICES: ",".join(words[: process.gpus])}
        words = words[process.gpus :]
    return made


def _until(nodes: Sequence[Node], word: str) -> tuple[Node, ...]:
    """The steps up to the ones that `word` names, by name, kind or role."""
    from servec.compiler.steps.graph import until

    word = {"quantise": "quantize"}.get(word, word)
    found = [node.name for node in nodes if node.name == word]
    found = found or [node.name for node in nodes if word in (node.kind, node.role)]
    if not found:
        known = ", ".join(node.name for node in nodes)
        raise UsageError(f"there is no step {word!r} here; there are {known}")
    return until(nodes, found)


def _patience() -> float:
    text = os.environ.get(PATIENCE, "1800")
    try:
        return float(text)
    except ValueError:
        raise UsageError(f"{PATIENCE} is a number of seconds, not {text!r}") from None


def _can_run(job: Job, launch: Launch | None) -> None:
    """Refuse what cannot end well, before anything is started."""
    from servec.run.job import absent

    nodes = [node for node in job.nodes if not node.works]
    spread = sorted({node.node_rank for node in nodes})
    if launch is not None and len(spread) > 1:
        raise UsageError(
            f"this launch spans {len(spread)} machines, and `run` starts what runs on one: "
            "use its slurm.sbatch, its k8s manifests, or launch.sh on each"
        )
    for name in job.secrets if launch is not None else ():
        if not job.environment.get(name):
            raise UsageError(f"set {name} in the environment: the launch reads it")
    from servec.cli.running import Silent
    from servec.run.runner import Runner

    skipped = {each.name for each in Runner(job, Silent()).due() if each.state == "skipped"}
    missing = absent(job, [node for node in job.nodes if node.name not in skipped])
    if missing:
        raise MissingTool(f"not installed: {', '.join(missing)}")


def _write(job: Job, emission: Emission) -> None:
    """The scripts of the run; the folder is servec's own, so whatever stands there gives way."""
    from servec.cli.write import FileSet, write_sets

    try:
        job.place.make()
    except OSError as error:
        raise UsageError(f"cannot write {job.place.home}: {error.strerror}") from error
    write_sets(job.place.out, [FileSet(emission.folder, emission.artifacts)], force=True)
