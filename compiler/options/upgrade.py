"""What a step from one version of a runtime to another touches in a spec's `on` block."""

from __future__ import annotations

from servec.compiler.options.judge import judge
from servec.dsl.diagnostic import Edit
from servec.dsl.record import record, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.options.context import Context
    from servec.compiler.options.table import OptionTable
    from servec.dsl.diagnostic import Diagnostic, Span

CODES = ("SRV201", "SRV202", "SRV203", "SRV204", "SRV205")


@record
class Touched:
    """One line that the step touches. `code` is "" for the line that states the version.

    `edits` mend it; `safe`: they keep what is served as it is.
    """

    code: str
    title: str
    span: Span
    fix: str = ""
    edits: tuple[Edit, ...] = ()
    safe: bool = False
    figures: tuple[str, ...] = ()


def touched(context: Context, new: OptionTable) -> tuple[Touched, ...]:
    """The lines of the `on` block that are right at the context's tables and wrong at `new`.

    `context` is that of the version left. The line that states a version is touched as well; its
    edit is safe where nothing else is left to do by hand.
    """
    before = {(item.code, item.primary.span) for item in _found(context)}
    later = _found(replace(context, tables=(new,)))
    found = [_touched(item) for item in later if (item.code, item.primary.span) not in before]
    stated = context.on.version
    if stated is not None and str(stated.value) != new.version and not _range(str(stated.value)):
        text = f'"{new.version}"'
        left = [item for item in found if not item.safe and item.code != "SRV204"]
        title = f"states {context.runtime} {stated.value}"
        edits = (Edit(stated.value_span, text),)
        found.insert(0, Touched("", title, stated.span, f"write {text}", edits, not left))
    return tuple(found)


def _found(context: Context) -> list[Diagnostic]:
    return [item for item in judge(context, tables_alone=True) if item.code in CODES]


def _range(stated: str) -> bool:
    return stated[:1] in "<>=!~"


def _touched(found: Diagnostic) -> Touched:
    fix = found.fixes[0] if found.fixes else None
    rename = fix is not None and fix.title.startswith("write `") and found.code == "SRV203"
    return Touched(
        found.code,
        found.title,
        found.primary.span,
        fix.title if fix else "",
        fix.edits if fix else (),
        rename,
        tuple(figure.text for figure in found.figures),
    )
