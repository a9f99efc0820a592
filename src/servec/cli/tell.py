"""Prints what is found against launches: on their own lines where these are judged."""

from __future__ import annotations

from servec.cli.judged import FILE
from servec.cli.report import report

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence

    from servec.cli.console import Console
    from servec.cli.launches import Verdict
    from servec.dsl.diagnostic import Diagnostic


def tell(verdicts: Sequence[Verdict], args: Namespace, console: Console) -> None:
    """The findings in the words of the launches where these are judged, else on the specs."""
    told = [_retold(each, args, console) for each in verdicts]
    if console.format == "text":
        for found, name, each in told:
            report(console, found, each.sources, (name,))
        return
    every = [item for found, _, _ in told for item in found]
    report(console, every, told[-1][2].sources, (told[-1][1],))


def _retold(
    each: Verdict, args: Namespace, console: Console
) -> tuple[Sequence[Diagnostic], str, Verdict]:
    if not args.check or not each.found:
        return each.found, FILE, each
    if not each.read.outcomes:
        return each.found, args.script, each
    from servec.cli.given_hardware import hardware_of
    from servec.cli.retold.lines import Beside, on_lines

    read, sources = each.read, each.sources
    hardware = hardware_of(args.hardware, judging=True)
    beside = Beside(args.script, hardware, read.release)
    found, name = on_lines(
        read.commands, read.outcomes, each.deployments, each.found, sources, beside
    )
    if console.format != "text":
        from servec.cli.retold.script import in_file

        found = in_file(found, args.script)
    return found, name, each
