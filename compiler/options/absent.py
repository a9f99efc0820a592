"""What to say of a name that an option table lacks: SRV201, SRV202, SRV203."""

from __future__ import annotations

from servec.compiler.options.context import having
from servec.compiler.options.versions import order

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.options.context import Context
    from servec.compiler.options.table import OptionTable
    from servec.dsl.diagnostic import Diagnostic, Span
    from servec.dsl.spec import NativeOption


def absent(
    context: Context, name: str, span: Span, name_span: Span, native: NativeOption | None = None
) -> Diagnostic | None:
    """What to say of a name that a table in play lacks; None where every one has it."""
    word = name.lstrip("-").replace("_", "-")
    if all(table.find(word) for table in context.tables):
        return None
    have = having(context, word)
    if not have:
        word = _by_short_flag(context, word)
        have = having(context, word)
    newest = context.newest
    gone = word in context.successors() or _refused(newest, word)
    gone = gone or bool(not have and context.lost(word))
    if newest.find(word) is None and (gone or _older(have, newest.version)):
        from servec.compiler.options.rules.srv203_option_removed import option_removed

        return option_removed(context, word, span, name_span, native)
    if have:
        from servec.compiler.options.rules.srv202_option_not_yet import option_not_yet

        return option_not_yet(context, word, span)
    from servec.compiler.options.rules.srv201_unknown_option import unknown_option

    return unknown_option(context, name, span, name_span)


def _by_short_flag(context: Context, word: str) -> str:
    """The option that an older version had `word` as a short flag of, if the newest lacks it."""
    for table in reversed(context.history()):
        found = table.flag("-" + word)
        if found and context.newest.find(found[0].name) is None:
            return found[0].name
    return word


def _refused(table: OptionTable, name: str) -> bool:
    """Whether the parser knows the flag only to refuse it."""
    return "--" + name in table.removed or "-" + name in table.removed


def _older(have: tuple[str, ...], version: str) -> bool:
    return bool(have) and order(have[0]) < order(version) and order(have[-1]) < order(version)
