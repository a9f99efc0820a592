"""The runtime no longer has the option.

Checks: an option, flag or variable that an older version has and the stated one lacks, or that the
    parser of the stated version knows only to refuse it.
Because: the launch ends with an unknown argument, though guides and old scripts still name it. A
    variable that is gone is ignored without a word.
Wrong: on sglang { version = "0.5.23"; cuda-graph-max-bs = 64 }
Right: on sglang { version = "0.5.23"; cuda-graph-max-bs-decode = 64 }
Source: the difference of two option tables; successors beside each target with their source
"""

from __future__ import annotations

from servec.compiler.options.context import Successor, clip, having
from servec.compiler.options.versions import order
from servec.dsl.diagnostic import Diagnostic, Edit, Figure, Fix, Label

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.options.context import Context
    from servec.dsl.diagnostic import Span
    from servec.dsl.spec import Bound, NativeOption


def option_removed(
    context: Context, name: str, span: Span, name_span: Span, native: NativeOption | None = None
) -> Diagnostic:
    """An option that is gone from the stated version; `native` is the statement, if it is one."""
    known = context.successors().get(name)
    found = known or _named_by_parser(context, name) or Successor()
    passed = context.gone(name)
    have = () if passed else having(context, name)
    figures = [*_when(context, have, found.gone or context.lost(name))]
    text = found.use or found.note or "none known"
    figures.append(Figure("successor", None, f"successor: {text}"))
    if found.use and found.note:
        figures.append(Figure("note", None, found.note))
    return Diagnostic(
        "SRV203",
        "error",
        f"{context.stated if passed else context.where} no longer has `{clip(name)}`",
        Label(span, "removed"),
        context.version_label("the version asked for"),
        tuple(figures),
        (_fix(context, found, span, name_span, native),),
        context.spec.name,
    )


def variable_removed(
    context: Context, name: str, have: tuple[str, ...], bound: Bound
) -> Diagnostic:
    """A variable that only older versions read: a warning where it says what is done anyway."""
    found = context.successors().get(name) or Successor()
    idle = found.words is not None and found.words.get(str(bound.value)) == {}
    figures = [*_when(context, have, found.gone)]
    if found.use or found.note:
        figures.append(Figure("successor", None, f"successor: {found.use or found.note}"))
    return Diagnostic(
        "SRV203",
        "warning" if idle else "error",
        f"{context.where} no longer reads `{clip(name, 48)}`",
        Label(bound.span, "would be ignored without a word"),
        context.version_label("the version asked for"),
        tuple(figures),
        (Fix("delete the line", (Edit(bound.span, ""),)),),
        context.spec.name,
    )


def _when(context: Context, have: tuple[str, ...], gone: str) -> tuple[Figure, ...]:
    """The last table that has it and the first after it that has not."""
    tables = tuple(t.version for t in context.history())
    have = tuple(version for version in have if order(version) < order(context.newest.version))
    if have:
        after = tables[tables.index(have[-1]) + 1 :]
        first = f"; first without it: {after[0]}" if after else ""
        return (Figure("last", None, f"last table that has it: {have[-1]}{first}"),)
    if gone:
        return (Figure("gone", None, f"gone since {context.runtime} {gone}"),)
    return (Figure("gone", None, f"gone before {tables[0]}, the oldest table"),)


def _named_by_parser(context: Context, name: str) -> Successor | None:
    """What the parser names instead, where it knows the flag to refuse it."""
    use = context.newest.removed.get("--" + name) or context.newest.removed.get("-" + name)
    if not use:
        return None
    plain = [word.lstrip("-") for word in use]
    options = [word for word in plain if context.newest.find(word)]
    rest = [word for word in plain if word not in options[:1]]
    note = f"the parser also names {', '.join(rest)}" if rest else ""
    return Successor(options[0] if options else "", note)


def _fix(
    context: Context,
    found: Successor,
    span: Span,
    name_span: Span,
    native: NativeOption | None,
) -> Fix:
    """The new name where it takes the same value, else the line goes."""
    new = context.newest.find(found.use) if found.use else None
    if new is None or native is None:
        return Fix("delete the line", (Edit(span, ""),))
    from servec.compiler.options.judge import wrong_values

    if found.note.startswith("its value") or any(wrong_values(context.newest, new[0], native)):
        return Fix(f"say it by `{found.use}`, and delete the line", (Edit(span, ""),))
    return Fix(f"write `{found.use}`", (Edit(name_span, found.use),))
