"""A launch of what stands in front of servers: judged by itself, as it makes no deployment."""

from __future__ import annotations

from servec.cli.errors import FAILED, FINE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace

    from servec.cli.console import Console
    from servec.dsl.diagnostic import Diagnostic

RUNTIME = "trtllm"
PROGRAM = ("trtllm-serve", "disaggregated")
FILE = "imported.srv"


def front_verdict(args: Namespace, console: Console) -> int | None:
    """The exit code of `--check` for such a command, None for any other."""
    words = list(args.rest)
    head = [words[0].rpartition("/")[2], *words[1:2]] if words else []
    if not args.check or tuple(head) != PROGRAM:
        return None
    from servec.cli.imported import options_files
    from servec.targets.shared.importing.program import Command
    from servec.targets.trtllm.front import front_troubles

    files = options_files(Command(RUNTIME, tuple(words[2:]), {}))
    found = tuple(front_troubles(words[2:], files))
    if console.format == "json":
        from servec.cli.render.imported import import_document

        console.json(import_document("", (), tuple(map(_finding, found)), FILE))
    else:
        console.err("".join(f"{RUNTIME} refuses {word}: {why}\n" for word, why in found))
    return FAILED if found else FINE


def _finding(found: tuple[str, str]) -> Diagnostic:
    from servec.dsl.diagnostic import Diagnostic, Figure, Label, Span

    word, why = found
    title = f"{RUNTIME} does not take `{word}`"[:100]
    label = Label(Span(FILE, 0, 0), "refused before it starts")
    return Diagnostic("SRV205", "error", title, label, (), (Figure("why", None, why),))
