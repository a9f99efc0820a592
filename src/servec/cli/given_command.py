"""The commands that `import` is given: a line, those in a file, those of a program."""

from __future__ import annotations

from servec.cli.errors import UsageError
from servec.cli.imported import named
from servec.targets.shared.importing.manifests.container import ENGINES, assumed, launches
from servec.targets.shared.importing.programs.program import VARIABLE, command, python_program

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Mapping, Sequence

    from servec.targets.shared.importing.programs.program import Command

WORDS = 10_000
"""Words of a command, and characters of one: more is no launch."""
LENGTH = 200_000
NONE = "starts no runtime that servec knows"
ASKING = ("--help", "--version")
"""What every program answers, and then ends."""


def started(args: Namespace) -> str:
    """The runtime that the line of a call starts, "" where that is not told by its words."""
    runtime = command(args.rest).runtime if args.rest else ""
    if runtime or not args.rest:
        return runtime
    from servec.targets.shared.importing.programs.peers import peer_command

    made = peer_command(args.rest, {})
    return made.runtime if made is not None else ""


def commands_of(args: Namespace) -> tuple[Command, ...]:
    """The launches that were given; `UsageError` where there is none, or too much."""
    env = _variables(args)
    if args.script:
        return _scripted(args, env)
    if not args.rest:
        raise UsageError("give the command behind `--`, or a file with --script")
    if (program := python_program(args.rest)) is not None:
        from servec.cli.programmed import program_of

        return program_of(program, args, env)
    if len(args.rest) > WORDS or sum(map(len, args.rest)) > LENGTH:
        raise UsageError("the command is too long")
    plain = command(_begun(args.rest, named(args.runtime)[0]), env)
    asks = next((word for word in args.rest if word.partition("=")[0] in ASKING), "")
    if asks:
        raise UsageError(f"the line asks for {asks} and serves nothing: leave that word out")
    if plain.runtime:
        return (plain,)
    made = _made(args, env)
    if made is not None:
        return (made,)
    from servec.targets.shared.importing.programs.companions import companion

    aside = companion(args.rest)
    if aside:
        raise UsageError(aside)
    return _behind(args, env) or (plain,)


def _scripted(args: Namespace, env: Mapping[str, str]) -> tuple[Command, ...]:
    """The launches in the file that the call names."""
    from servec.cli.programmed import asked_of
    from servec.cli.scripted import script_commands

    if args.rest:
        raise UsageError("give a command behind `--` or a --script, not both")
    found = script_commands(args.script, env, asked_of(args))
    if not found:
        spec = args.script.endswith(".srv")
        way = f"is a spec: `servec check {args.script}`" if spec else NONE
        raise UsageError(f"{args.script} {way}")
    return found


def _made(args: Namespace, env: Mapping[str, str]) -> Command | None:
    """The launch that the line of another program makes; the files that it names are read."""
    from servec.cli.programmed import asked_of
    from servec.cli.sources import DiskSources
    from servec.targets.shared.importing.programs.peer_line import FILES
    from servec.targets.shared.importing.programs.peers import peer_command, peer_of

    if peer_of(args.rest) is None:
        return None
    asked, sources = asked_of(args), DiskSources()
    read = ((word, sources.read(word)) for word in args.rest if word.lower().endswith(FILES))
    files = {
        path: data.decode("utf-8", "replace")
        for path, data in read
        if data is not None and len(data) < LENGTH
    }
    return peer_command(args.rest, env, files, asked.devices, asked.version)


def _begun(words: Sequence[str], runtime: str) -> Sequence[str]:
    """The line with the program in front, where it begins with what that serves by: `serve X`."""
    from servec.targets.shared.importing.programs.listed import starts

    for start in starts().get(runtime, ()):
        rest = start[1:]
        if rest and not start[0].startswith("-") and tuple(words[: len(rest)]) == rest:
            return [start[0], *words]
    return words


def _behind(args: Namespace, env: Mapping[str, str]) -> tuple[Command, ...]:
    """The launches inside a line that starts another program, a container above all."""
    found = tuple(launches(args.rest, env)) or assumed(args.rest, env, named(args.runtime)[0])
    if not found and args.rest[0].rpartition("/")[2] in ENGINES:
        raise UsageError(f"the container {NONE}")
    return found


def _variables(args: Namespace) -> dict[str, str]:
    env: dict[str, str] = {}
    for word in args.env:
        found = VARIABLE.fullmatch(word)
        if not found:
            raise UsageError(f"--env takes NAME=VALUE, not {word!r}")
        env[found[1]] = found[2]
    return env
