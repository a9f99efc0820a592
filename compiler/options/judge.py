"""Judges an `on` block by the option tables: SRV201 to 206, 208, and 601 to 604."""

from __future__ import annotations

from servec.compiler.options.absent import absent
from servec.compiler.options.secrets import is_secret

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from servec.compiler.options.context import Context
    from servec.compiler.options.table import Option, OptionTable
    from servec.compiler.options.values import Trouble
    from servec.dsl.diagnostic import Diagnostic
    from servec.dsl.spec import NativeOption


def judge(context: Context, tables_alone: bool = False) -> tuple[Diagnostic, ...]:
    """What is wrong with the block, at every table in play.

    `tables_alone` leaves out what other lines of the spec say: SRV206 and SRV208.
    """
    found: list[Diagnostic] = []
    for native in context.on.options:
        own = list(_option(context, native, tables_alone))
        if any(item.severity == "error" for item in own):
            own = [_leaving(context, native, item) for item in own]
        found.extend(own)
    if context.on.options and not tables_alone:
        from servec.compiler.options.exclusions import exclusions

        found.extend(exclusions(context))
    if context.on.raw_args is not None:
        from servec.compiler.options.raw import raw_args

        found.extend(raw_args(context))
    if context.on.env or context.spec.env:
        from servec.compiler.options.variables import variables

        found.extend(variables(context))
    return tuple(found)


def _leaving(context: Context, native: NativeOption, item: Diagnostic) -> Diagnostic:
    """The finding with the fields that the option, or the one that was meant, may say."""
    from servec.dsl.record import replace

    known = context.portable.options()
    names = [native.name, *(edit.insert for fix in item.fixes for edit in fix.edits)]
    paths = {path for name in names for path in known.get(name.replace("_", "-"), ())}
    if "version" in names:
        paths.add(f"on.{context.runtime}.version")
    return replace(item, doubts=tuple(sorted(paths)))


def _option(context: Context, native: NativeOption, tables_alone: bool) -> Iterator[Diagnostic]:
    lacking = absent(context, native.name, native.span, native.name_span, native)
    if lacking is not None:
        if not _beside(context, native):
            yield lacking
        return
    found = context.newest.find(native.name)
    assert found is not None
    option, sets = found
    if context.gone(option.name):
        from servec.compiler.options.rules.srv203_option_removed import option_removed

        yield option_removed(context, option.name, native.span, native.name_span, native)
        return
    wrong = list(_values(context, native))
    if wrong:
        if not _beside(context, native):
            yield from wrong
        return
    if option.form == "whole" and native.is_string:
        from servec.compiler.options.rules.srv210_read_in_part import text_in_part

        yield from text_in_part(context, native, option)
    if option.deprecated:
        from servec.compiler.options.rules.srv204_option_deprecated import option_deprecated

        yield option_deprecated(context, option, native.span, native.name_span)
    if not tables_alone:
        yield from _portable(context, native, option, sets)


def _values(context: Context, native: NativeOption) -> Iterator[Diagnostic]:
    """The value at each table; what several tables refuse is said once, for the newest."""
    said = {option.name.replace("_", "-") for option in context.on.options}
    for table in reversed(context.tables):
        found = table.find(native.name)
        assert found is not None
        wrong = wrong_values(table, found[0], native)
        troubles = [pair for pair in wrong if not (pair[0].known and found[0].plugin in said)]
        if troubles:
            for trouble, at in troubles:
                yield _refusal(context, table, native, trouble, at)
            return


def wrong_values(
    table: OptionTable, option: Option, native: NativeOption
) -> Iterator[tuple[Trouble, NativeOption]]:
    """What is wrong with an option's value, and the statement that is to blame."""
    from servec.compiler.options.values import Trouble, trouble
    from servec.dsl.spec import Count

    if native.is_block:
        if option.type not in ("json", "object", "mixed"):
            yield Trouble("it is no JSON option, and takes no block"), native
        else:
            yield from _block(table.fields(option.name), native, ())
        return
    if isinstance(native.value, Count):
        yield Trouble("it takes no count of devices"), native
        return
    found = trouble(option, native.value, table.values)
    if found:
        yield found, native
    elif option.type in ("json", "object", "mixed") and isinstance(native.value, str):
        yield from _json(table, option, native)


def _json(
    table: OptionTable, option: Option, native: NativeOption
) -> Iterator[tuple[Trouble, NativeOption]]:
    from servec.compiler.options.fields import field_troubles, read_json

    rows = table.fields(option.name)
    value, _ = read_json(option.type, str(native.value))
    if rows and isinstance(value, dict):
        for found in field_troubles(rows, value):
            yield found, native


def _block(
    rows: object, native: NativeOption, path: tuple[str, ...]
) -> Iterator[tuple[Trouble, NativeOption]]:
    """The statements of a nested block against the fields; anything goes where none are known."""
    from servec.compiler.options.fields import field_troubles, unknown_field
    from servec.compiler.options.words import json_of

    if not isinstance(rows, dict) or not rows:
        return
    known = {name.replace("_", "-"): row for name, row in rows.items()}
    for child in native.children:
        here = (*path, child.name)
        row = known.get(child.name.replace("_", "-"))
        if row is None:
            yield unknown_field(rows, here), child
        elif child.is_block and row.get("fields"):
            yield from _block(row["fields"], child, here)
        else:
            name = child.name.replace("-", "_")
            for found in field_troubles({name: row}, {name: json_of(child)}, path):
                yield found, child


def _refusal(
    context: Context, table: OptionTable, native: NativeOption, found: Trouble, at: NativeOption
) -> Diagnostic:
    if found.text == "no such field":
        from servec.compiler.options.rules.srv201_unknown_option import unknown_field

        exact = at is not native
        span = at.name_span if exact else native.span
        return unknown_field(context, native.name, found, span, exact)
    from servec.compiler.options.rules.srv205_option_value import option_value

    where = f"{context.runtime} {table.version}"
    text = found.value or at.text or "…"
    span = at.value_span or at.span
    taken = () if found.path else _taken(context, table, native)
    return option_value(context, native.name, text, found, span, where, at.is_string, taken)


def _beside(context: Context, native: NativeOption) -> bool:
    """Whether the table on the other side of the release takes an option as it stands."""
    for table in context.history() if context.beside else ():
        found = table.find(native.name) if table.version == context.beside else None
        if found is not None:
            return not any(wrong_values(table, found[0], native))
    return False


def _taken(context: Context, refusing: OptionTable, native: NativeOption) -> tuple[str, ...]:
    """The other versions that take the value."""
    out = []
    for table in context.history():
        found = table.find(native.name)
        if found and table is not refusing and not any(wrong_values(table, found[0], native)):
            out.append(table.version)
    return tuple(out)


def _portable(
    context: Context, native: NativeOption, option: Option, sets: bool
) -> Iterator[Diagnostic]:
    """SRV206 and SRV208: what the option says that a portable field can say."""
    if option.name not in context.portable.options() or is_secret(option.name):
        return
    from servec.compiler.options.meaning import contradicts, meanings
    from servec.compiler.options.words import meant

    value = meant(native, option, sets)
    found = meanings(context.portable, option.name, value)
    for meaning in found:
        path = contradicts(context.spec, meaning)
        if path:
            from servec.compiler.options.rules.srv208_option_contradicts import option_contradicts

            yield option_contradicts(context, native, path)
            return
    known = [meaning for meaning in found if meaning.value is not None]
    if isinstance(value, dict) and not known:
        return
    rows, spec = context.portable.rows, context.spec
    if any(option.name in rows[m.path].get("more", ()) and spec.setting(m.path) for m in found):
        return
    from servec.compiler.options.rules.srv206_option_portable import option_portable

    said = [m for m in known if spec.setting(m.path)]
    yield option_portable(context, native, (said or known or list(found))[0])
