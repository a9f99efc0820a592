"""The verdicts of `verify` as text: a table, then what each refusal said."""

from __future__ import annotations

from servec.cli.render.table import render_table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.cli.documents.verify import VerifiedDocument, VerifyDocument

HEAD = ("deployment", "runtime", "process", "verdict")


def verify_text(document: VerifyDocument, color: bool) -> str:
    """One line a process, the refusals in full, and the counts."""
    rows = [
        (row.deployment, f"{row.target} {row.version}", row.process, _verdict(row))
        for row in document.processes
    ]
    text = render_table(HEAD, rows, color) if rows else ""
    for row in document.processes:
        if not row.ok:
            text += f"\n{row.deployment} {row.process} ({row.target}), at {row.stage}:\n"
            text += "".join(f"  {line}\n" for line in row.error.splitlines())
    counts = f"{document.emitted} emitted, {document.accepted} accepted by the parser"
    return f"{text}{counts}, {document.resolved} resolved\n"


def _verdict(row: VerifiedDocument) -> str:
    if not row.ok:
        return f"refused at {row.stage}"
    if row.stage == "resolve":
        return "accepted, resolved"
    return f"accepted ({row.only_parsed})" if row.only_parsed else "accepted"
