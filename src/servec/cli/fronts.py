"""A line of what stands in front of servers, or builds and measures: judged by itself, as it makes
no deployment."""

from __future__ import annotations

from servec.cli.errors import FAILED, FINE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from typing import TypeAlias

    from servec.cli.console import Console
    from servec.compiler.device import Device
    from servec.dsl.diagnostic import Diagnostic

    Judge: TypeAlias = Callable[[Sequence[str], Mapping[str, str]], Iterator[tuple[str, str]]]
    Trouble: TypeAlias = tuple[str, str, str]

FILE = "imported.srv"


def front_verdict(args: Namespace, console: Console) -> int | None:
    """The exit code of `--check` for such a command, None for any other."""
    words = list(args.rest)
    found = _troubles(args, words) if args.check and words else None
    if found is None:
        return None
    name, troubles = found
    if console.format == "json":
        from servec.cli.render.imported import import_document

        told = tuple(_finding(name, *trouble) for trouble in troubles)
        console.json(import_document("", (), told, FILE))
    else:
        from servec.targets.shared.importing.programs.companions import companion

        refused = (
            f"{name} refuses {word.strip() or repr(word)}: {why}" for _, word, why in troubles
        )
        aside = companion(words)
        note = f"{name}: its flags alone are judged; {aside}\n" if aside and not troubles else ""
        console.err("".join(f"{line}\n" for line in refused) + note)
    return FAILED if troubles else FINE


def _troubles(args: Namespace, words: list[str]) -> tuple[str, tuple[Trouble, ...]] | None:
    """What the command starts, and code, word and reason of what is refused of it."""
    from servec.cli.imported import named, options_files
    from servec.targets.shared.importing.programs.engine_folders import engine_troubles
    from servec.targets.shared.importing.programs.makers import unlisted
    from servec.targets.shared.importing.programs.program import Command
    from servec.targets.shared.importing.programs.tool_rows import row_troubles
    from servec.targets.shared.importing.programs.tools import tool_of, tool_said, tool_troubles

    front = _front(words)
    if front is not None:
        name, rest, judge = front
        files = options_files(Command(name, rest, {}))
        return name, tuple(("SRV205", *trouble) for trouble in judge(rest, files))
    engines = engine_troubles(words, named(args.runtime)[1])
    if engines is not None:
        return f"{words[0].rpartition('/')[2]} over built engines", engines
    tool = tool_of(words)
    if tool is None:
        from servec.targets.shared.importing.programs.peers import peer_troubles

        return unlisted(words, named(args.runtime)[1]) or peer_troubles(words)
    runtime, program, behind = tool
    version = named(args.runtime)[1]
    title = f"{program} of {runtime} {version}".rstrip()
    troubles = tuple(tool_troubles(runtime, program, behind, version))
    said = {} if troubles else tool_said(runtime, program, behind)
    device = _device(args.hardware) if said else None
    return title, troubles or tuple(row_troubles(runtime, program, said, version, device))


def _device(stated: str) -> Device | None:
    """The kind of device that `--hardware` names, None where it names none."""
    from servec.cli.given_hardware import hardware_of
    from servec.compiler.catalogue.devices import find_device

    kind = hardware_of(stated, judging=True).partition(" x ")[0]
    return find_device(kind) if kind and kind != "any" else None


def _front(words: list[str]) -> tuple[str, tuple[str, ...], Judge] | None:
    """The runtime whose servers the command stands in front of, the words behind the program, and
    what judges them: a target that has such a program has `front_troubles(words, files)`."""
    from servec.targets import TARGETS
    from servec.targets.shared.importing.programs.dynamo import FRONT
    from servec.targets.shared.importing.programs.dynamo_judge import front_troubles
    from servec.targets.shared.importing.programs.listed import fronts

    head = (words[0].rpartition("/")[2], *words[1:])
    if head[0].startswith("python") and head[1:3] == FRONT:
        return FRONT[1], head[3:], lambda rest, _: front_troubles(rest)
    for target in TARGETS:
        own = fronts().get(target.name, ())
        if own and head[: len(own)] == own:
            judge: Judge = getattr(target, "front_troubles")  # noqa: B009
            return target.name, head[len(own) :], judge
    return None


def _finding(name: str, code: str, word: str, why: str) -> Diagnostic:
    from servec.dsl.diagnostic import Diagnostic, Figure, Label, Span

    title = f"{name} does not take `{word}`"[:100]
    label = Label(Span(FILE, 0, 0), "refused before it starts")
    return Diagnostic(code, "error", title, label, (), (Figure("why", None, why),))
