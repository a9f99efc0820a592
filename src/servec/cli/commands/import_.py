"""Turn a launch command that someone already runs into a spec.

The command stands behind `--` (a `docker run` too), or in a shell script, a compose file, a
Kubernetes manifest or a config of Ray Serve that `--script` names; nothing of it is run. The spec
goes to stdout, findings to stderr. `--verify` compiles it back and compares, `--check` only says
what is wrong with the line.
"""

from __future__ import annotations

from servec.cli.errors import FAILED, FINE, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Sequence

    from servec.cli.console import Console
    from servec.cli.sources import DiskSources
    from servec.compiler.result import DeploymentResult
    from servec.dsl.diagnostic import Diagnostic
    from servec.targets.shared.importing.compiled import Outcome
    from servec.targets.shared.importing.program import Command
    from servec.targets.shared.past.line import Past

USAGE = "RUNTIME[@VERSION] [--env K=V] [--script FILE] -- ARGV..."
EXAMPLE = """
$ servec import vllm -- vllm serve Qwen/Qwen3-8B -tp 2 --max-model-len 32k > qwen3.srv
$ servec import sglang@0.5.23 --hardware "h100 x 8" --check -- --model Qwen/Qwen3-32B --tp 8
$ servec import vllm --script launch.sh --verify
"""
FORMATS = ("text", "json")
EMPTY = "servec.import/1"
REST = True
FILE = "imported.srv"


def register(parser: ArgumentParser) -> None:
    """The arguments of `import`."""
    parser.add_argument("runtime", nargs="?", default="", metavar="RUNTIME", help="name[@version]")
    parser.add_argument(
        "--env", action="append", default=[], metavar="K=V", help="a variable the command sees"
    )
    parser.add_argument("--script", default="", metavar="FILE", help="read the commands of a file")
    parser.add_argument("--hardware", default="", metavar="KIND", help="`h100 x 8`, or a kind")
    parser.add_argument("--check", action="store_true", help="judge the line, print no spec")
    parser.add_argument("--verify", action="store_true", help="compile back and compare")
    parser.add_argument("--minimal", action="store_true", help="leave out what equals the default")


def run(args: Namespace, console: Console) -> int:
    """Read, print, and say with `--check` or `--verify` whether all is well."""
    from servec.cli.applications import applied
    from servec.cli.fronts import front_verdict
    from servec.cli.judged import joined, judged

    past: Past | None = None
    commands: tuple[Command, ...] = ()
    if (front := front_verdict(args, console)) is not None:
        return front
    missed = _unheard(args)
    outcomes = applied(args)
    if not outcomes:
        outcomes, past, commands = _imported(args)
    text = joined(outcomes)
    whole = outcomes[0] if args.check and len(outcomes) == 1 else None
    lines = outcomes if args.check else ()
    diagnostics, sources, deployments = judged(text, FILE, lines, _release(past))
    if past is not None and whole is not None:
        from servec.targets.shared.past.judge import past_findings

        diagnostics = past_findings(past, whole, sources, FILE, diagnostics)
    refused = _refused(diagnostics, outcomes, past)
    if missed is not None and not refused:
        raise missed
    _print(text, outcomes, diagnostics, args, console)
    console.err(f"note: judged without hardware, as {missed}\n" if missed is not None else "")
    if console.format == "text":
        _report(commands, outcomes, deployments, (diagnostics, sources), past, args, console)
    if args.check and refused:
        return FAILED
    if args.check and console.format == "text":
        console.err(_accepted(outcomes, deployments, past))
    if args.verify and any(item.process is None or item.unexplained for item in outcomes):
        return FAILED
    return FINE


def _accepted(
    outcomes: Sequence[Outcome], deployments: Sequence[DeploymentResult], past: Past | None
) -> str:
    from servec.cli.render.accepted import accepted_text

    return accepted_text(outcomes, deployments, past.release.version if past else "")


def _refused(
    diagnostics: Sequence[Diagnostic], outcomes: Sequence[Outcome], past: Past | None
) -> bool:
    """Whether a line does not start; what the parser of today refuses is none of an old release."""
    wrong = any(item.severity == "error" for item in diagnostics)
    return wrong or (past is None and any(item.imported.said.troubles for item in outcomes))


def _unheard(args: Namespace) -> UsageError | None:
    """Why the hardware of a line that is judged cannot be read; then it is judged without.

    What is wrong on any hardware is told all the same. A line against which nothing is found so
    has not been judged as asked: then it is wrong usage, and never passes.
    """
    if not args.check:
        return None
    from servec.cli.given_hardware import hardware_of

    try:
        hardware_of(args.hardware, judging=True)
    except UsageError as missed:
        args.hardware = ""
        return missed
    return None


def _report(
    commands: Sequence[Command],
    outcomes: Sequence[Outcome],
    deployments: Sequence[DeploymentResult],
    judged: tuple[Sequence[Diagnostic], DiskSources],
    past: Past | None,
    args: Namespace,
    console: Console,
) -> None:
    """The findings in the words of the launch where that is judged, else on the spec."""
    from servec.cli.report import report

    (found, sources), name = judged, FILE
    if args.check and found:
        from servec.cli.given_hardware import hardware_of
        from servec.cli.retold.lines import Beside, on_lines

        hardware = hardware_of(args.hardware, judging=True)
        beside = Beside(args.script, hardware, past.release.version if past else "")
        found, name = on_lines(commands, outcomes, deployments, found, sources, beside)
    report(console, found, sources, (name,))


def _imported(args: Namespace) -> tuple[tuple[Outcome, ...], Past | None, tuple[Command, ...]]:
    """What the commands of a call become, what one of an old release was, and the commands."""
    from servec.cli.imported import commands_of, import_commands

    commands = commands_of(args)
    if args.check and len(commands) == 1:
        from servec.targets.shared.past.line import past_of

        past = past_of(args.runtime, commands[0])
        if past is not None:
            from servec.cli.given_hardware import hardware_of
            from servec.dsl.record import replace

            past = replace(past, hardware=hardware_of(args.hardware, judging=True))
            args.runtime = f"{past.release.runtime}@{past.release.table}"
            return import_commands((past.command,), args), past, commands
    return import_commands(commands, args), None, commands


def _release(past: Past | None) -> str:
    """The release whose memory figures a line of an old one is summed with."""
    if past is None:
        return ""
    from servec.targets.shared.past.aged import memory_release

    return memory_release(past)


def _print(
    text: str,
    outcomes: Sequence[Outcome],
    diagnostics: Sequence[Diagnostic],
    args: Namespace,
    console: Console,
) -> None:
    from servec.cli.render.imported import import_document, import_text

    if console.format == "json":
        console.json(import_document(text, outcomes, diagnostics, FILE))
        return
    if not args.check:
        console.out(text)
    if args.hardware:
        from servec.cli.given_hardware import roomiest

        console.err(roomiest(args.hardware))
    console.err(import_text(outcomes, diagnostics, args.verify, console.verbose))
