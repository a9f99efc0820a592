"""Say which lines of specs a runtime upgrade touches, each with its edit.

Options that are gone, renamed, newly deprecated, or that take other values; what of it the specs
say, and which defaults change under them. `--plan` also plans every spec on both versions, and
tells what is refused only on the new one and how the commands differ. `--write` makes the edits
that keep what is served as it is. Exit 1 while a line is left that the new version refuses.
"""

from __future__ import annotations

from servec.cli.errors import FAILED, FINE, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Sequence

    from servec.cli.console import Console
    from servec.cli.documents.runtimes import ChangeDocument
    from servec.cli.documents.upgrade import PlanChangeDocument, TouchedDocument
    from servec.cli.sources import DiskSources
    from servec.compiler.options.table import OptionTable
    from servec.dsl.diagnostic import Edit

USAGE = "SPEC...|FOLDER --from NAME@V --to V [--plan] [--write]"
EXAMPLE = """
$ servec upgrade specs --from vllm@0.22.1 --to 0.33.0
$ servec upgrade specs/chat.srv --from sglang@0.5.12.post1 --to 0.5.23 --write
"""
FORMATS = ("text", "json")
EMPTY = "servec.upgrade/1"


def register(parser: ArgumentParser) -> None:
    """The arguments of `upgrade`."""
    parser.add_argument("spec", nargs="+", metavar="SPEC", help="specs, or folders of specs")
    parser.add_argument("--from", default="", metavar="NAME@V", help="the version that is left")
    parser.add_argument("--to", default="", metavar="V", help="the version to go to")
    parser.add_argument("--plan", action="store_true", help="plan each spec on both versions")
    parser.add_argument("--write", action="store_true", help="make the edits that are safe")


def run(args: Namespace, console: Console) -> int:
    """Report, and with `--write` edit."""
    from servec.cli.documents.upgrade import UpgradeDocument
    from servec.cli.sources import DiskSources
    from servec.cli.upgrading import spec_files

    old, new = _tables(getattr(args, "from"), args.to, console)
    files = spec_files(args.spec)
    sources = DiskSources()
    rows, edits = _touched(sources, files, old, new)
    plans: tuple[PlanChangeDocument, ...] = ()
    if args.plan:
        from servec.cli.replanned import replanned

        plans = replanned(sources, files, old, new)
    written = _write(sources, edits) if args.write else ()
    defaults, removed = _changes(old, new)
    document = UpgradeDocument(
        runtime=old.runtime,
        from_=old.version,
        to=new.version,
        specs=len(files),
        touched=tuple(rows),
        plans=plans,
        defaults=defaults,
        removed=removed,
        written=written,
    )
    if console.format == "json":
        console.json(document)
    else:
        from servec.cli.render.upgrade import upgrade_text

        console.out(upgrade_text(document))
    left = [row for row in rows if row.code not in ("", "SRV204") and not (args.write and row.safe)]
    return FAILED if left or any(plan.refused for plan in plans) else FINE


def _touched(
    sources: DiskSources, files: Sequence[str], old: OptionTable, new: OptionTable
) -> tuple[list[TouchedDocument], dict[str, list[Edit]]]:
    """What the change touches in the specs, and the safe edits of each file."""
    from servec.cli.upgrading import touched_in

    rows: list[TouchedDocument] = []
    edits: dict[str, list[Edit]] = {}
    for file in files:
        sources.need(file)
        for deployment, item in touched_in(sources, file, old.runtime, old, new):
            rows.append(_row(sources, deployment, item))
            for edit in item.edits if item.safe else ():
                edits.setdefault(edit.span.file, []).append(edit)
    return rows, edits


def _tables(start: str, end: str, console: Console) -> tuple[OptionTable, OptionTable]:
    """The tables of both versions. That which is left may lie beside a table: it is told which."""
    from servec.targets.shared.called import called
    from servec.targets.shared.table import load_table, picked, runtimes, versions

    name, at, old = called(start).partition("@")
    if not at or not end:
        raise UsageError("`upgrade` needs --from NAME@VERSION and --to VERSION")
    known = versions(name)
    if not known:
        raise UsageError(f"there is no runtime {name!r}; there are {', '.join(runtimes())}")
    made = []
    for version, exact in ((old, False), (end, True)):
        found = picked(name, version or "?")
        if not found.tables or found.wide or (found.near and exact):
            there = ", ".join(known)
            raise UsageError(f"there is no table of {name} {version!r}; there are {there}")
        if found.near:
            console.err(f"note: {name} {version} has no table, that of {found.version} is used\n")
        made.append(load_table(name, found.version))
    return made[0], made[1]


def _row(sources: DiskSources, deployment: str, item: object) -> TouchedDocument:
    from servec.cli.documents.check import EditDocument
    from servec.cli.documents.upgrade import TouchedDocument
    from servec.compiler.options.upgrade import Touched

    assert isinstance(item, Touched)
    before = (sources.read(item.span.file) or b"")[: item.span.start]
    edits = tuple(
        EditDocument(edit.span.file, edit.span.start, edit.span.end, edit.insert)
        for edit in item.edits
    )
    line = before.count(b"\n") + 1
    return TouchedDocument(
        item.span.file, line, deployment, item.code, item.title, item.fix, item.safe, edits
    )


def _write(sources: DiskSources, edits: dict[str, list[Edit]]) -> tuple[str, ...]:
    from servec.cli.render.fixed import apply_edits
    from servec.cli.replace import replace_file

    for file, wanted in edits.items():
        unique = list(dict.fromkeys(wanted))
        replace_file(file, apply_edits(sources.read(file) or b"", unique))
    return tuple(edits)


def _changes(
    old: OptionTable, new: OptionTable
) -> tuple[tuple[ChangeDocument, ...], tuple[ChangeDocument, ...]]:
    """The runtime's changed defaults, and what it removed."""
    from servec.cli.documents.runtimes import ChangeDocument
    from servec.compiler.options.changes import changes
    from servec.targets.shared.aside import load_successors

    found = tuple(
        ChangeDocument(item.kind, item.name, item.set, item.old, item.new, item.use)  # type: ignore[arg-type]
        for item in changes(old, new, load_successors(old.runtime))
        if not item.set
    )
    return (
        tuple(item for item in found if item.kind == "default"),
        tuple(item for item in found if item.kind == "removed"),
    )
