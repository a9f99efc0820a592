"""Carry out the steps of a deployment on this machine: fetch, convert, build, serve, probe.

Steps that do not wait for each other go on side by side, and servers of one launch have devices of
their own; the first failure ends the others. A step that is finished is not run again, so that a
run that was killed goes on where it was. Products lie where `build.sh` puts them, and a cut-off
download goes on from its `.part`; scripts, logs and what is known of finished steps lie in
`.servec`, in the project's root. At the end, or on Ctrl-C, everything that was started is stopped;
`--stay` keeps the servers up until then. Secrets are taken from the environment, by name.
"""

from __future__ import annotations

from servec.cli.errors import FAILED, FINE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from servec.api import Compiled
    from servec.cli.console import Console
    from servec.run.job import Job
    from servec.run.outcome import Outcome

USAGE = "SPEC [--target auto|NAME] [--deployment NAME] [--until STEP] [--stay] [--dry-run]"
EXAMPLE = """
$ servec run specs/cpu-only.srv --dry-run            # what would run, and what is finished
$ servec run specs/cpu-only.srv                      # up to one answered request, then stop
$ servec run specs/cpu-only.srv --stay               # and keep serving until Ctrl-C
$ servec run chat.srv --target llamacpp --until quantize
"""
FORMATS = ("text", "json")
EMPTY = "servec.run/1"
TAIL = 15
"""Lines of a log that are shown where its step failed."""


def register(parser: ArgumentParser) -> None:
    """The arguments of `run`."""
    add = parser.add_argument
    add("spec", metavar="SPEC", help="a .srv file, or `-` for stdin")
    add("--target", default="", metavar="TARGET", help="auto or a name; wins over the spec's")
    add("--deployment", default="", metavar="NAME", help="this one, where a spec has several")
    add(
        "--until",
        default="",
        metavar="STEP",
        help="the last step, by name or kind (default: probe)",
    )
    add("--stay", action="store_true", help="keep the servers up until Ctrl-C")
    add("--dry-run", action="store_true", help="say what would run; start nothing")


def run(args: Namespace, console: Console) -> int:
    """Compile, run, report; the servers are stopped in any case."""
    from servec.cli.jobs import compiled_job

    made, job = compiled_job(args, console)
    if job is None:
        _report(made, None, (), args, console)
        return FAILED
    if args.dry_run:
        from servec.cli.running import Silent
        from servec.run.runner import Runner

        outcomes = Runner(job, Silent()).due()
    else:
        outcomes = _run(job, args, console)
    _report(made, job, outcomes, args, console)
    return FAILED if any(each.state in ("failed", "not_run") for each in outcomes) else FINE


def _run(job: Job, args: Namespace, console: Console) -> tuple[Outcome, ...]:
    from servec.cli.errors import UsageError
    from servec.cli.interrupts import interrupts
    from servec.cli.running import watcher
    from servec.run.runner import Busy, Runner

    shown = watcher(console, len(job.nodes))
    runner = Runner(job, shown)
    with interrupts():
        try:
            outcomes = runner.run()
            if args.stay and all(each.state in ("done", "skipped") for each in outcomes):
                outcomes = _stay(runner, outcomes, console)
        except Busy as error:
            raise UsageError(f"another run of {job.place.folder} is at work") from error
        finally:
            shown.close()
            runner.close()
    return outcomes


def _stay(runner: object, outcomes: tuple[Outcome, ...], console: Console) -> tuple[Outcome, ...]:
    """Until Ctrl-C, which is the usual end here, or until a server ends by itself."""
    from servec.dsl.record import replace
    from servec.run.runner import Runner

    assert isinstance(runner, Runner)
    try:
        console.now("serving; Ctrl-C stops it\n")
        gone = runner.stay(lambda: None)
    except KeyboardInterrupt:
        return outcomes
    return tuple(
        replace(each, state="failed", why=gone) if gone.startswith(f"{each.name} ") else each
        for each in outcomes
    )


def _report(
    made: Compiled,
    job: Job | None,
    outcomes: tuple[Outcome, ...],
    args: Namespace,
    console: Console,
) -> None:
    from servec.cli.render.run import run_document, run_text

    if console.format == "json":
        console.json(run_document(made, job, outcomes, args.dry_run))
    elif job is not None:
        console.out(run_text(job, outcomes, args.dry_run, console.color))
        for each in outcomes:
            if each.state == "failed":
                console.must(_tail(job, each))


def _tail(job: Job, outcome: Outcome) -> str:
    """The end of a failed step's log, without the values of secrets."""
    path = job.place.log(outcome.name)
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            lines = file.read().splitlines()[-TAIL:]
    except OSError:
        lines = []
    shown = "".join(f"  | {job.hidden(line)}\n" for line in lines)
    return f"servec run: {outcome.name} failed: {outcome.why}; {path} holds its output\n{shown}"
