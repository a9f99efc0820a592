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


def second(here: Unexpected) -> Diagnostic:
    """The second statement begins at the token."""
    return _finding(here, 0)


def after_unit(here: Unexpected) -> Diagnostic:
    """The second statement begins at the token before, which was read as a unit."""
    return _finding(here, -1)


def _finding(here: Unexpected, step: int) -> Diagnostic:
    first = here.span(step)
    gap = Span(first.file, here.span(step - 1).end, first.start)
    return Diagnostic(
        "SRV005",
        "error",
        f"a second statement begins at {code(here.word(step))} without `;` before it",
        Label(first, "a statement ends with its line or with `;`"),
        fixes=(Fix("part the two with `;`", (Edit(gap, "; "),)),),
    )
