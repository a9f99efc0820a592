"""A run: its document, and its table for people."""

from __future__ import annotations

from servec.cli.documents.run import RunDocument, RunStepDocument
from servec.cli.render.json import json_diagnostics
from servec.cli.render.table import render_table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.api import Compiled
    from servec.run.job import Job
    from servec.run.outcome import Outcome

HEAD = ("step", "kind", "state", "seconds", "makes")
FINE = ("due", "done", "skipped")


def run_document(
    made: Compiled, job: Job | None, outcomes: tuple[Outcome, ...], dry: bool
) -> RunDocument:
    """The run as a document; the words of commands never hold a secret's value."""
    diagnostics = json_diagnostics(made.diagnostics, made.sources.read)
    if job is None:
        return RunDocument(diagnostics=diagnostics, dry_run=dry)
    emission = next(e for e in made.emissions if e.folder == job.place.folder)
    return RunDocument(
        deployment=emission.deployment,
        target=emission.target,
        version=emission.version,
        ok=all(each.state in FINE for each in outcomes),
        dry_run=dry,
        steps=tuple(
            RunStepDocument(
                name=node.name,
                kind=node.kind,
                state=outcome.state,
                command=job.command(node),
                after=node.after,
                makes=node.makes,
                seconds=round(outcome.seconds, 3),
                status=outcome.status,
                why=outcome.why,
                log=f"{job.place.scripts}/logs/{node.name.replace('/', '-')}.log",
            )
            for node, outcome in zip(job.nodes, outcomes, strict=True)
        ),
        diagnostics=diagnostics,
    )


def run_text(job: Job, outcomes: tuple[Outcome, ...], dry: bool, color: bool) -> str:
    """A row for each step; of a dry run, with its command."""
    if not dry:
        rows = [
            [node.name, node.kind, each.state.replace("_", " "), f"{each.seconds:.1f}",
             " ".join(node.makes)]
            for node, each in zip(job.nodes, outcomes, strict=True)
        ]  # fmt: skip
        return render_table(HEAD, rows, color, right="3")
    from servec.targets.shared.artifacts.words import quote

    rows = [
        [node.name, node.kind, each.state, " ".join(map(quote, job.command(node)))]
        for node, each in zip(job.nodes, outcomes, strict=True)
    ]
    return render_table(("step", "kind", "state", "command"), rows, color)
