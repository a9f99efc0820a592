"""Two statements on one line.

Checks: a statement ends with its line or with `;`.
Because: without a separator `tensor = 8 expert = 4` would read as `8 expert`, a number with a
    unit.
Wrong: parallel { tensor = 4 data = 2 }
Right: parallel { tensor = 4; data = 2 }
Source: language reference, "Lexical rules"
"""

from __future__ import annotations

from servec.dsl.diagnostic import Diagnostic, Edit, Fix, Label, Span
from servec.dsl.wording import code

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.dsl.unexpected import Unexpected

MOST = 4  # of one line in one finding: the number of labels and of syntax errors stays bounded


def second(here: Unexpected) -> Diagnostic:
    """The second statement begins at the token."""
    return _finding(here, 0)


def after_unit(here: Unexpected) -> Diagnostic:
    """The second statement begins at the token before, which was read as a unit."""
    return _finding(here, -1)


def comma(here: Unexpected) -> Diagnostic:
    """A comma where the statement ends: `weights = fp8, kv = fp8`."""
    fix = Fix("write `;`", (Edit(here.span(), ";"),), safe=True)
    label = Label(here.span(), "commas part the items of a list alone")
    title = "statements of one line are parted by `;`, not by `,`"
    return Diagnostic("SRV005", "error", title, label, fixes=(fix,))


def _finding(here: Unexpected, step: int) -> Diagnostic:
    first = here.span(step)
    gap = Span(first.file, here.span(step - 1).end, first.start)
    place, edit = Label(first, "a statement ends with its line or with `;`"), Edit(gap, "; ")
    title = f"a second statement begins at {code(here.word(step))} without `;` before it"
    before = _before(here, gap)
    if before is None:
        fix = Fix("part the two with `;`", (edit,), safe=True)
        return Diagnostic("SRV005", "error", title, place, fixes=(fix,))
    edits = (*before.fixes[0].edits, edit)
    return Diagnostic(
        "SRV005",
        "error",
        f"{len(edits)} statements of one line begin without `;` before them",
        before.primary,
        (*before.secondary, Label(first, "another one")),
        fixes=(Fix("part them with `;`", edits, safe=True),),
    )


def _before(here: Unexpected, gap: Span) -> Diagnostic | None:
    """The finding of the same line, taken back: a line is reported once."""
    found = here.parser.diagnostics
    if not found or found[-1].code != "SRV005" or len(found[-1].fixes[0].edits) >= MOST:
        return None
    if "\n" in here.tokens.text[found[-1].primary.span.start : gap.end]:
        return None
    return found.pop()
