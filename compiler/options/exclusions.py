"""Options of one `on` block that cannot stand beside each other, or need one another."""

from __future__ import annotations

from servec.dsl.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from servec.compiler.options.context import Context
    from servec.dsl.diagnostic import Diagnostic
    from servec.dsl.spec import NativeOption


@record
class Exclusion:
    """Two options, or values of them, that the runtime refuses together, and why.

    `one` and `other` are option names; a value of "" means any value that switches it on. With
    `needs` it is the other way: `one` is refused without `other`, or a field of the spec that says
    it.
    """

    one: str
    other: str
    why: str
    source: str
    needs: bool = False
    one_value: str = ""
    other_value: str = ""
    since: str = ""
    until: str = ""


def exclusions(context: Context) -> Iterator[Diagnostic]:
    """SRV208 for each pair that stands in the block."""
    said: dict[str, NativeOption] = {}
    for native in context.on.options:
        found = context.newest.find(native.name)
        if found:
            said[found[0].name] = native
    for rule in context.exclusions():
        one, other = said.get(rule.one), said.get(rule.other)
        if rule.needs:
            if one and not other and _on(one, rule.one_value) and not _field(context, rule.other):
                from servec.compiler.options.rules.srv208_option_contradicts import option_needs

                yield option_needs(context, one, rule.other, rule.why, rule.source)
        elif one and other and _on(one, rule.one_value) and _on(other, rule.other_value):
            from servec.compiler.options.rules.srv208_option_contradicts import options_exclude

            first, second = sorted((one, other), key=lambda item: item.span.start, reverse=True)
            yield options_exclude(context, first, second, rule.why, rule.source)


def _field(context: Context, option: str) -> bool:
    """Whether a portable field of the spec says the option."""
    paths = context.portable.options().get(option, ())
    return any(context.spec.setting(path) is not None for path in paths)


def _on(native: NativeOption, value: str) -> bool:
    return str(native.value) == value if value else native.value is not False
