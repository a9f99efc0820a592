"""Prints what is found against launches: on their own lines where these are judged."""

from __future__ import annotations

from servec.cli.judged import FILE
from servec.cli.report import report

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence

    from servec.cli.console import Console
    from servec.cli.launches import Launches
    from servec.cli.sources import DiskSources
    from servec.compiler.result import DeploymentResult
    from servec.dsl.diagnostic import Diagnostic


def tell(
    read: Launches,
    deployments: Sequence[DeploymentResult],
    judged: tuple[Sequence[Diagnostic], DiskSources],
    args: Namespace,
    console: Console,
) -> None:
    """The findings in the words of the launch where that is judged, else on the spec."""
    (found, sources), name = judged, FILE
    if args.check and found:
        from servec.cli.given_hardware import hardware_of
        from servec.cli.retold.lines import Beside, on_lines

        hardware = hardware_of(args.hardware, judging=True)
        beside = Beside(args.script, hardware, read.release)
        found, name = on_lines(read.commands, read.outcomes, deployments, found, sources, beside)
        if console.format != "text":
            from servec.cli.retold.script import in_file

            found = in_file(found, args.script)
    report(console, found, sources, (name,))
