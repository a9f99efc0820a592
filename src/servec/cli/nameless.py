"""SRV316 of a launch line that names no model: its spec has a path there that nobody wrote."""

from __future__ import annotations

from servec.dsl.diagnostic import Fix
from servec.dsl.record import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.dsl.diagnostic import Diagnostic


def nameless(item: Diagnostic) -> Diagnostic:
    """The finding without the path that nobody wrote."""
    return replace(
        item,
        title="the line names no model, what hangs on it is not judged",
        primary=replace(item.primary, text="no model"),
        figures=tuple(figure for figure in item.figures if figure.name != "why"),
        fixes=(Fix("name the model on the line"),),
    )
