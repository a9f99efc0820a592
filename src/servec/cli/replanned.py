"""Plans specs on two versions of a runtime and compares what comes out."""

from __future__ import annotations

from servec.cli.documents.upgrade import PlanChangeDocument

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from servec.cli.sources import DiskSources
    from servec.compiler.options.table import OptionTable
    from servec.compiler.result import DeploymentResult
    from servec.dsl.spec import Spec


def replanned(
    sources: DiskSources, files: Sequence[str], old: OptionTable, new: OptionTable
) -> tuple[PlanChangeDocument, ...]:
    """One row for each deployment whose findings or commands differ."""
    from servec.dsl.load import load

    made = []
    for file in files:
        document, _ = load(sources, file)
        for spec in document.deployments if document is not None else ():
            row = _row(sources, spec, old, new)
            if row.refused or row.dropped or row.added:
                made.append(row)
    return tuple(made)


def _row(
    sources: DiskSources, spec: Spec, old: OptionTable, new: OptionTable
) -> PlanChangeDocument:
    before, after = (_planned(sources, spec, table) for table in (old, new))
    codes = [
        {item.code for item in result.diagnostics if item.severity == "error"}
        for result in (before, after)
    ]
    one, two = _words(before), _words(after)
    return PlanChangeDocument(
        spec.file,
        spec.name,
        tuple(sorted(codes[1] - codes[0])),
        tuple(word for word in one if word not in two) if two else (),
        tuple(word for word in two if word not in one) if one else (),
    )


def _planned(sources: DiskSources, spec: Spec, table: OptionTable) -> DeploymentResult:
    """The spec on the runtime, as if its block stated the version of the table."""
    from servec.compiler.pipeline import deployment
    from servec.compiler.result import Request
    from servec.dsl.record import replace
    from servec.dsl.spec import Bound, OnBlock
    from servec.targets import TARGETS

    block = spec.on.get(table.runtime) or OnBlock(table.runtime, spec.name_span)
    span = spec.name_span
    stated = Bound("=", table.version, f'"{table.version}"', span, span, span)
    pinned = replace(block, version=stated)
    roles = {
        name: replace(role, on={**role.on, table.runtime: pinned})
        for name, role in spec.roles.items()
    }
    made = replace(spec, on={**spec.on, table.runtime: pinned}, roles=roles)
    return deployment(made, TARGETS, Request(targets=(table.runtime,), sources=sources))


def _words(result: DeploymentResult) -> tuple[str, ...]:
    """The options of every command, each with its value, once each and in order."""
    target = next((item for item in result.emit), None)
    if target is None:
        return ()
    launch = target.cases[0].target.launch(target.cases)
    words: list[str] = []
    for process in launch.processes:
        for word in process.argv:
            if word.startswith("-") or not words:
                words.append(word)
            else:
                words[-1] += f" {word}"
    return tuple(dict.fromkeys(word for word in words if word.startswith("-")))
