"""The launches of an `import` call: what was given, what it became, what is found against it."""

from __future__ import annotations

from servec.cli.errors import UsageError
from servec.cli.given_hardware import hardware_of
from servec.cli.judged import FILE, judged
from servec.dsl.record import record, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence

    from servec.cli.sources import DiskSources
    from servec.compiler.result import DeploymentResult
    from servec.dsl.diagnostic import Diagnostic
    from servec.targets.shared.importing.compiled import Outcome
    from servec.targets.shared.importing.programs.program import Command
    from servec.targets.shared.past.line import Past


@record
class Launches:
    """`commands` as they were given, empty for an application's file; `outcomes` the specs they
    became; `past` what one of a release older than the tables was, None for any other."""

    outcomes: tuple[Outcome, ...]
    commands: tuple[Command, ...] = ()
    past: Past | None = None

    @property
    def release(self) -> str:
        """The version of a line that is older than the tables, "" for any other."""
        return self.past.release.version if self.past is not None else ""


@record
class Verdict:
    """What is `found` against launches, the `sources` it points into, what deployments became."""

    read: Launches
    found: tuple[Diagnostic, ...]
    sources: DiskSources
    deployments: tuple[DeploymentResult, ...]


def unheard(args: Namespace) -> UsageError | None:
    """Why the hardware of a line that is judged cannot be read; then it is judged without.

    What is wrong on any hardware is told all the same. A line against which nothing is found so
    has not been judged as asked: then it is wrong usage, and never passes.
    """
    if not args.check:
        return None
    try:
        hardware_of(args.hardware, judging=True)
    except UsageError as missed:
        args.hardware = ""
        return missed
    return None


def launches(args: Namespace) -> tuple[Launches, ...]:
    """What the commands of a call become: all of them together, or each by itself where they are
    judged and one is of a release older than the tables, their images are of several, or a program
    in Python holds them."""
    from servec.cli.applications import applied
    from servec.cli.given_command import commands_of
    from servec.cli.imported import import_commands, named

    outcomes = applied(args)
    if outcomes:
        return (Launches(outcomes),)
    commands = tuple(_of_release(item, args) for item in _made(args) or commands_of(args))
    if args.check:
        from servec.targets.shared.past.line import past_of

        old = [past_of(args.runtime, item) for item in commands]
        name, stated = named(args.runtime)
        several = (not stated and _several(commands)) or _written(commands)
        if any(old) or several:
            return tuple(
                _alone(item, past, args)
                for item, past in zip(commands, old, strict=True)
                if len(old) == 1 or not name or item.runtime in ("", name)
            )
    return (Launches(import_commands(commands, args), commands),)


def _of_release(item: Command, args: Namespace) -> Command:
    """A call in Python as the release is told it that is stated, or that its image is of."""
    if item.written is None:
        return item
    from servec.cli.imported import named
    from servec.targets.shared.importing.python.launches import for_release

    stated = named(args.runtime)[1] or item.version
    if item.written.files is not None:
        from servec.cli.programmed import asked_of
        from servec.targets.shared.importing.programs.peers import again

        made = again(item, stated, asked_of(args).devices)
    else:
        made = for_release(item, stated) if stated else item
    return replace(made, version=item.version, files={**item.files, **made.files})


def _written(commands: tuple[Command, ...]) -> bool:
    """Whether these are several calls of a program: each is judged with what it says itself."""
    return len(commands) > 1 and any(item.written is not None for item in commands)


def _several(commands: tuple[Command, ...]) -> bool:
    """Whether the images of one runtime are of more than one release."""
    told = {(item.runtime, item.version) for item in commands if item.version}
    return len(told) > len({runtime for runtime, _ in told})


def _alone(item: Command, past: Past | None, args: Namespace) -> Launches:
    from argparse import Namespace

    from servec.cli.imported import import_commands

    if past is None:
        return Launches(import_commands((item,), args), (item,))
    past = replace(past, hardware=hardware_of(args.hardware, judging=True))
    runtime = f"{past.release.runtime}@{past.release.table}"
    own = Namespace(**{**vars(args), "runtime": runtime})
    return Launches(import_commands((past.command,), own), (item,), past)


def _made(args: Namespace) -> tuple[Command, ...]:
    """The server's line for one that makes what it loads, or the lines of those behind Triton,
    where they are to be judged."""
    if not args.check or not args.rest:
        return ()
    from servec.cli.imported import named
    from servec.targets.shared.importing.programs.makers import made_by
    from servec.targets.shared.importing.programs.repositories import behind

    found = made_by(args.rest, named(args.runtime)[1])
    return (found,) if found else behind(args.rest)


def _makes(item: Command) -> bool:
    from servec.targets.shared.importing.programs.listed import makers

    return " ".join(item.program) in makers()


def judge(read: Launches, text: str, args: Namespace) -> Verdict:
    """The findings on the specs as one text, by the lines themselves with `--check`."""
    from servec.cli.across import ranged

    lines = read.outcomes if args.check else ()
    found, sources, deployments = judged(text, FILE, lines, _memory_release(read))
    if read.past is not None and len(lines) == 1:
        from servec.cli.starts import started
        from servec.targets.shared.past.judge import past_findings

        found = past_findings(read.past, lines[0], sources, FILE, found)
        found = tuple(started(item, lines[0].imported) for item in found)
    if lines and read.commands and _makes(read.commands[0]):
        from servec.targets.shared.importing.programs.makers import eased

        stated = read.release or lines[0].imported.version
        found = tuple(eased(read.commands[0], stated, found))
    if lines and ranged(args):  # every release in it is judged, older ones too
        found = tuple(item for item in found if item.code != "SRV209")
    package, release = getattr(args, "wrapper", ("", ""))
    if lines and package:
        from servec.targets.shared.wrapped import own

        found = tuple(own(package, release, found))
    if len(lines) == 1 and len(read.commands) == 1:
        found = _spared(read.commands[0], lines[0], "@" in args.runtime, found)
    return Verdict(read, found, sources, deployments)


def _spared(
    item: Command, line: Outcome, stated: bool, found: tuple[Diagnostic, ...]
) -> tuple[Diagnostic, ...]:
    from servec.targets.shared.importing.programs.pipelines import spared, taken_over

    server = taken_over(item, line.imported.runtime, line.imported.model, stated)
    return tuple(spared(server, found)) if server is not None else found


def _memory_release(read: Launches) -> str:
    """The release whose memory figures a line of an old one is summed with, or of a program whose
    defaults are not the server's; "" where they are those of the version it states."""
    if read.past is not None:
        from servec.targets.shared.past.aged import memory_release

        return memory_release(read.past)
    if len(read.commands) != 1 or read.commands[0].written is None or len(read.outcomes) != 1:
        return ""
    from servec.targets.shared.past.aged import usage

    line = read.outcomes[0].imported
    word = usage(read.commands[0], line.version)
    return f"{line.runtime}@{line.version}+{word}" if word else ""


def at_once(reads: Sequence[Launches], args: Namespace) -> tuple[Verdict, ...]:
    """What is found against the servers of a script together, where it starts several at once."""
    commands = tuple(item for read in reads for item in read.commands)
    if not args.check or not args.script or len(commands) < 2:
        return ()
    from servec.cli.given_text import script_text
    from servec.cli.imported import named
    from servec.cli.sources import DiskSources
    from servec.cli.together import together

    data = script_text(args.script).encode() if args.script != "-" else b""
    found = together(commands, args.script, data, named(args.runtime)[1])
    sources = DiskSources()
    sources.put(args.script, data)
    return (Verdict(Launches(()), found, sources, ()),) if found else ()
