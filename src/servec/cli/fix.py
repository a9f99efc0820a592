"""`check --fix`: applies the fixes marked safe until none is left."""

from __future__ import annotations

from servec.cli.checked import checked
from servec.cli.errors import UsageError
from servec.cli.render.fixed import apply_edits
from servec.cli.render.summary import count
from servec.cli.replace import replace_file
from servec.cli.sources import STDIN, DiskSources

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from servec.cli.console import Console
    from servec.dsl.diagnostic import Diagnostic, Edit

ROUNDS = 20


def fix_files(
    sources: DiskSources, names: Sequence[str], target: str, console: Console
) -> DiskSources:
    """Fix the named files and write them back; the sources as they are then.

    Only the files that were named are touched. What stdin becomes is printed on stdout.
    """
    if STDIN in names and console.format != "text":
        raise UsageError("`--fix` prints what stdin becomes; that goes with `--format text` only")
    before = {name: sources.read(name) or b"" for name in names}
    files, applied = fixed(sources, names, target)
    after = DiskSources()
    for name, data in files.items():
        after.put(name, data)
        if name == STDIN:
            console.out(data.decode("utf-8", "replace"))
        elif data != before[name]:
            replace_file(name, data)
    if applied and console.format == "text":
        console.err(f"applied {count(applied, 'fix', 'fixes')}\n")
    return after


def fixed(sources: DiskSources, names: Sequence[str], target: str) -> tuple[dict[str, bytes], int]:
    """The named files with every safe fix made, and how many were made.

    One fix may bring another finding to light, so it goes on until a round finds nothing; a round
    that would bring an earlier text back ends it too.
    """
    files = {name: sources.read(name) or b"" for name in names}
    seen = {tuple(files.values())}
    applied = 0
    for _ in range(ROUNDS):
        edits, number = safe_edits(checked(sources, names, target).diagnostics, names)
        if not edits:
            break
        made = {name: apply_edits(files[name], edits.get(name, ())) for name in names}
        if tuple(made.values()) in seen:
            break
        seen.add(tuple(made.values()))
        files, applied = made, applied + number
        sources = DiskSources()
        for name, data in files.items():
            sources.put(name, data)
    return files, applied


def safe_edits(
    diagnostics: Iterable[Diagnostic], names: Sequence[str]
) -> tuple[dict[str, list[Edit]], int]:
    """The edits of the first safe fix of each finding by file, without those that overlap."""
    taken: dict[str, list[Edit]] = {}
    number = 0
    for item in diagnostics:
        fix = next((fix for fix in item.fixes if fix.safe and fix.edits), None)
        if fix is None or any(edit.span.file not in names for edit in fix.edits):
            continue
        if any(_overlaps(edit, taken.get(edit.span.file, ())) for edit in fix.edits):
            continue
        number += 1
        for edit in fix.edits:
            taken.setdefault(edit.span.file, []).append(edit)
    return taken, number


def _overlaps(edit: Edit, others: Iterable[Edit]) -> bool:
    """Whether two edits touch one byte, or insert at one place."""
    start, end = edit.span.start, edit.span.end
    return any(start <= other.span.end and other.span.start <= end for other in others)
