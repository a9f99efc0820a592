"""What an upgrade touches, as text."""

from __future__ import annotations

from servec.cli.render.runtimes import change_line
from servec.cli.render.summary import count

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from servec.cli.documents.upgrade import UpgradeDocument


def upgrade_text(document: UpgradeDocument) -> str:
    """The touched lines by file, plans that change, then the runtime's own changes."""
    return "".join(f"{line}\n" for line in _lines(document))


def _lines(document: UpgradeDocument) -> Iterator[str]:
    step = f"{document.runtime} {document.from_} -> {document.to}"
    lines = count(len(document.touched), "line", "lines")
    yield f"{step}: {lines} touched in {count(document.specs, 'spec', 'specs')}"
    last = ""
    for row in document.touched:
        if row.file != last:
            yield ""
            yield row.file
            last = row.file
        mark = "safe" if row.safe else "by hand" if row.code != "SRV204" else "still runs"
        code = f" [{row.code}]" if row.code else ""
        yield f"  {row.line}: {row.message}{code}"
        if row.fix:
            yield f"     {mark}: {row.fix}"
    if document.plans:
        yield ""
        yield "plans and commands that change"
    for plan in document.plans:
        yield f"  {plan.file} {plan.deployment}"
        yield from (f"     refused: {code}" for code in plan.refused)
        yield from (f"     - {word}" for word in plan.dropped)
        yield from (f"     + {word}" for word in plan.added)
    for title, rows in (
        ("defaults that change under every spec", document.defaults),
        ("options that are gone", document.removed),
    ):
        if rows:
            yield ""
            yield f"{title} ({len(rows)})"
            yield from (f"  {change_line(row)}" for row in rows)
    if document.written:
        yield ""
        yield f"written: {', '.join(document.written)}"
