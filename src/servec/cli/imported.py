"""The commands that `import` is given, and the specs they become."""

from __future__ import annotations

from posixpath import normpath

from servec.cli.errors import UsageError
from servec.cli.given_hardware import hardware_of
from servec.dsl.record import replace
from servec.targets.shared.importing.compiled import import_command
from servec.targets.shared.importing.read import Wish

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Mapping, Sequence

    from servec.compiler.target import Target
    from servec.targets.shared.importing.compiled import Outcome
    from servec.targets.shared.importing.programs.program import Command
    from servec.targets.shared.importing.sheet import Reader

LENGTH = 200_000
"""Characters of a file that lies beside a launch: more is no options file."""
MOVING = r"latest|nightly|stable|g?[0-9a-f]{7,40}"
"""Tags that move, and commits: neither says a release."""


def named(word: str) -> tuple[str, str]:
    """The runtime and the version of `name@version`; a tag that moves or a commit states none."""
    import re

    name, _, stated = word.partition("@")
    return name, "" if re.fullmatch(MOVING, stated) and not stated.isdecimal() else stated


def import_commands(commands: Sequence[Command], args: Namespace) -> tuple[Outcome, ...]:
    """Each command as a spec of its own."""
    name, stated = named(args.runtime)
    kept: dict[str, list[Command]] = {}
    for item in commands:
        runtime = item.runtime or name
        if not runtime:
            from servec.cli.unstarted import not_started

            raise UsageError(not_started(args.rest))
        if name and runtime != name:
            if not args.script:
                raise UsageError(f"the command starts {runtime}, not {name}")
            continue
        kept.setdefault(runtime, []).append(item)
    if not kept:
        raise UsageError(f"{args.script} does not start {name}")
    made: list[Outcome] = []
    for runtime, members in kept.items():
        made += _of_runtime(runtime, members, stated or _of_image(runtime, members[0]), args)
    return tuple(made)


def _of_image(runtime: str, item: Command) -> str:
    """The version that the image's tag states, "" where no table is near it."""
    from servec.targets.shared.table import picked

    return item.version if picked(runtime, item.version).version else ""


def _of_runtime(
    runtime: str, commands: Sequence[Command], stated: str, args: Namespace
) -> list[Outcome]:
    from servec.targets.shared import table
    from servec.targets.shared.importing.nodes import grouped
    from servec.targets.shared.importing.programs.dynamo import fitted

    target = target_of(runtime)
    inferred = ""
    if not stated:
        from servec.targets.shared.importing.versioned import written_for

        inferred = written_for(runtime, commands, args.check)
        stated = inferred
    picked = table.picked(runtime, stated)
    if not picked.version:
        known = ", ".join(table.versions(runtime))
        raise UsageError(f"there is no option table of {runtime} {stated}; there are {known}")
    commands = [fitted(item, table.load_table(runtime, picked.version)) for item in commands]
    hardware = hardware_of(args.hardware, judging=args.check)
    wish = Wish(runtime, picked.version, stated, hardware, minimal=args.minimal, strict=args.check)
    wish = replace(wish, inferred=bool(inferred), here=not args.script)
    pairs = [_paired(commands[at : at + 2], wish, target) for at in range(0, len(commands), 2)]
    told = [pair for pair in pairs if pair is not None]
    if told and len(told) == len(pairs):
        return told
    made: list[Outcome] = []
    for group in grouped(table.load_table(runtime, picked.version), commands):
        made += _imported(group, wish, target)
    if args.check:
        from servec.cli.starts import less_refused

        return [less_refused(outcome, wish.stated) for outcome in made]
    return made


def _paired(commands: Sequence[Command], wish: Wish, target: Target) -> Outcome | None:
    """A prefill and a decode server as one deployment, where that is what the commands are."""
    from servec.targets.shared.importing.options_file import with_file
    from servec.targets.shared.importing.roles import import_pair
    from servec.targets.shared.importing.said import said
    from servec.targets.shared.table import load_table

    table = load_table(wish.runtime, wish.version)
    role_of = getattr(_readers_module(wish.runtime), "role", None)
    if len(commands) != 2 or role_of is None:
        return None
    files = {path: text for item in commands for path, text in options_files(item).items()}
    wish = replace(wish, files=files)
    lines = [with_file(table, said(table, item.words), files) for item in commands]
    roles = {role_of(line.options): item for line, item in zip(lines, commands, strict=True)}
    if set(roles) != {"prefill", "decode"}:
        return None
    ordered = {role: roles[role] for role in ("prefill", "decode")}
    found = import_pair(wish, ordered, readers_of(wish.runtime), target, "imported.srv")
    return found.outcome() if found is not None and (found.good or found.unfit) else None


def _imported(group: Sequence[Command], wish: Wish, target: Target) -> list[Outcome]:
    """One launch: of all its nodes together, or where they do not come back, of each by itself."""
    from servec.targets.shared.table import load_table

    first, *others = group
    readers = readers_of(wish.runtime)
    wish = replace(wish, nodes=len(group), files=options_files(first), aside=first.aside)
    if first.written is not None:
        strange = () if wish.strict else tuple(name for name, _ in first.written.strange)
        wish = replace(wish, aside=(*first.aside, *strange), left=first.written.left)
    launcher = getattr(_readers_module(wish.runtime), "launcher", None) if first.before else None
    if launcher is not None:
        ranks, troubles = launcher(first.before)
        wish = replace(wish, nodes=ranks, troubles=troubles)
    if first.program:
        from servec.targets.shared.importing.programs.listed import demanded

        wish = replace(wish, demanded=demanded(wish.runtime, first.program))
    if wish.strict and first.program:
        from servec.targets.shared.importing.programs.dynamo_judge import worker_troubles

        told = tuple(worker_troubles(first, load_table(wish.runtime, wish.version), wish.stated))
        wish = replace(wish, troubles=(*wish.troubles, *told))
    if wish.strict:
        from servec.cli.unstated import unstated_context

        wish = replace(wish, context=unstated_context(wish, first.words))
    if wish.strict and wish.here:
        from servec.targets.shared.importing.opened import unopened

        names = getattr(_readers_module(wish.runtime), "OPENED", ())
        wish = replace(wish, troubles=(*wish.troubles, *unopened(wish, first.words, names)))
    whole = import_command(wish, first.words, first.env, readers, target, others=others)
    if not others or (whole.process is not None and not whole.unexplained):
        return [whole]
    alone = replace(wish, nodes=1)
    return [import_command(alone, item.words, item.env, readers, target) for item in group]


def options_files(item: Command) -> dict[str, str]:
    """The options files that a command names, by path: those its script writes, and those here."""
    from servec.cli.sources import DiskSources

    sources = DiskSources()
    found: dict[str, str] = {}
    for word in item.words:
        path = word.rpartition("=")[2]
        written = item.files.get(normpath(path))
        if written is not None:
            found[path] = written
            continue
        if "=" in word and not path.endswith((".yaml", ".yml", ".json")):
            path += "/adapter_config.json"
        data = sources.read(path) if path.endswith((".yaml", ".yml", ".json")) else None
        if data is not None and len(data) < LENGTH:
            found[path] = data.decode("utf-8", "replace")
    return found


def target_of(runtime: str) -> Target:
    """The target of a runtime; `UsageError` for an unknown one."""
    from servec.targets import TARGETS

    found = next((target for target in TARGETS if target.name == runtime), None)
    if found is None:
        names = ", ".join(target.name for target in TARGETS)
        raise UsageError(f"there is no runtime {runtime!r}; there are {names}")
    return found


def readers_of(runtime: str) -> Mapping[str, Reader]:
    """What a target reads beside its table; empty for one that has a table alone."""
    readers: Mapping[str, Reader] = getattr(_readers_module(runtime), "READERS", {})
    return readers


def _readers_module(runtime: str) -> object:
    try:
        return __import__(f"servec.targets.{runtime}.readers", fromlist=["READERS"])
    except ModuleNotFoundError:
        return None
