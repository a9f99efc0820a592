"""Judges the variables that a spec sets for a runtime: their names, and the values of options."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from servec.compiler.options.context import Context
    from servec.dsl.diagnostic import Diagnostic
    from servec.dsl.spec import Bound


def variables(context: Context) -> Iterator[Diagnostic]:
    """SRV604 for what servec sets itself; SRV201 and 203 for what the runtime does not read."""
    emitted = context.portable.options()
    for name, bound in (*context.spec.env.items(), *context.on.env.items()):
        paths = emitted.get("env:" + name, ())
        if name.startswith("SERVEC_") or any(context.spec.setting(path) for path in paths):
            from servec.compiler.options.rules.srv604_env_override import env_override

            yield env_override(context.spec, name, bound, paths)
            continue
        yield from _unknown(context, name, bound)
        yield from _valued(context, name, bound)


def _valued(context: Context, name: str, bound: Bound) -> Iterator[Diagnostic]:
    """SRV205 where a variable stands for an option that does not take its value."""
    table, text = context.newest, str(bound.value)
    twins = [key for key, row in table.rows.items() if name in (row.get("env"), row.get("env_off"))]
    if not twins or context.spec.word("target") not in (None, "auto", "all", context.runtime):
        return
    from servec.compiler.options.values import Trouble, trouble

    option = table.find(twins[0])
    assert option is not None
    if option[0].boolean:
        words = table.values("switch_words" if option[0].type == "switch" else "flag_words")
        off = name == option[0].env_off
        wrong = None if off or not words or text in words else Trouble("it is a switch", words)
    else:
        wrong = trouble(option[0], text, table.values)
    if wrong is not None:
        from servec.compiler.options.rules.srv205_option_value import option_value

        where = f"{context.runtime} {table.version}"
        yield option_value(context, name, text, wrong, bound.value_span, where, True)


def _unknown(context: Context, name: str, bound: Bound) -> Iterator[Diagnostic]:
    """A variable with the runtime's prefix that a table in play does not list."""
    if not name.startswith(context.newest.prefixes):
        return
    if all(table.reads(name) for table in context.tables):
        return
    have = tuple(t.version for t in context.history() if t.reads(name))
    old = context.newest.version not in have and have and have[-1] != context.history()[-1].version
    if old or (not have and name in context.successors()):
        from servec.compiler.options.rules.srv203_option_removed import variable_removed

        yield variable_removed(context, name, have, bound)
        return
    from servec.compiler.options.rules.srv201_unknown_option import unknown_variable

    yield unknown_variable(context, name, bound.span, bound.name_span)
