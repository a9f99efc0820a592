"""The runtime has no such option.

Checks: every name in an `on` block, every flag in `raw_args`, every field of a JSON option and
    every variable with the runtime's prefix is in the table of the stated version, or of each
    version of a range.
Because: an unknown flag ends the launch at once, and an unknown variable is ignored without a
    word. The tables are extracted from the runtime itself.
Wrong: on vllm { version = "0.33.0"; long-prefil-token-threshold = 4096 }
Right: on vllm { version = "0.33.0"; long-prefill-token-threshold = 4096 }
Source: the option tables of the targets, extracted from each installed runtime
"""

from __future__ import annotations

from servec.compiler.options.context import clip, having, listed, span_of
from servec.compiler.options.values import KINDS
from servec.dsl.diagnostic import Diagnostic, Edit, Figure, Fix, Label

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.options.context import Context
    from servec.compiler.options.table import OptionTable
    from servec.compiler.options.values import Trouble
    from servec.dsl.diagnostic import Span


OWN = ("version", "image")
"""What an `on` block has beside the runtime's options."""
WORDS = ("args", "extra_args", "cli_args", "engine_args", "flags")
"""What other tools call the words that are handed on as they stand: `raw_args`."""


def unknown_option(context: Context, name: str, span: Span, name_span: Span) -> Diagnostic:
    """An option that no table of the runtime has; `name_span` is what a fix replaces."""
    from servec.dsl.nearest import nearest

    table = context.newest
    names = tuple(dict.fromkeys([*table.names(), *_long_names(table), *OWN]))
    words = ("raw_args",) if name.replace("-", "_") in WORDS else ()
    same = words or _by_short_flag(table, name) or _otherwise(table, name)
    near = same or _begun(names, name) or nearest(name, names)
    word = "called here" if near and near == _otherwise(table, name) else "nearest"
    figures = [_nearest_figure(context, other, word) for other in near[:1]]
    if near[1:]:
        figures.append(Figure("also", None, f"also near: {listed(near[1:4])}"))
    if " " in name:
        figures = [Figure("why", None, "it is one word: the value has to be a word of its own")]
    if not figures:
        known = listed(tuple(t.version for t in context.history()))
        figures.append(Figure("tables", None, f"searched: tables of {context.runtime} {known}"))
    fixes: tuple[Fix, ...] = ()
    if near:
        safe = len(near) == 1 and word == "nearest"
        fixes = (Fix("rename the option", (Edit(name_span, near[0]),), safe=safe),)
    return Diagnostic(
        "SRV201",
        "error",
        f"{context.where} has no option `{clip(name)}`",
        Label(span, "not in the option table"),
        context.version_label("the table that was searched"),
        tuple(figures),
        fixes,
        context.spec.name,
    )


def unknown_field(
    context: Context, option: str, found: Trouble, span: Span, exact: bool
) -> Diagnostic:
    """A field that a JSON option does not have. `exact`: the span is that of the name alone."""
    name = ".".join(found.path)
    figures = [Figure("fields", None, f"fields of `{option}`: {listed(found.valid)}")]
    if found.near:
        figures.insert(0, Figure("nearest", None, f"nearest: {found.near}"))
    edits = (Edit(span, found.near),) if found.near and exact else ()
    return Diagnostic(
        "SRV201",
        "error",
        f"`{option}` of {context.where} has no field `{clip(name)}`",
        Label(span, "no such field"),
        context.version_label("the table that was searched"),
        tuple(figures),
        (Fix("rename the field", edits, safe=bool(edits)),) if found.near else (),
        context.spec.name,
        about="field",
    )


def unknown_variable(context: Context, name: str, span: Span, name_span: Span) -> Diagnostic:
    """A variable with the runtime's prefix that it does not read."""
    from servec.dsl.nearest import nearest

    near = nearest(name, context.newest.values("env"))
    have = tuple(t.version for t in context.history() if name in t.values("env"))
    figures = [Figure("nearest", None, f"nearest: {', '.join(near)}")] if near else []
    if have:
        figures.insert(0, Figure("versions", None, f"versions that read it: {span_of(have)}"))
    rename = Fix("rename the variable", tuple(Edit(name_span, n) for n in near[:1]))
    return Diagnostic(
        "SRV201",
        "error",
        f"{context.where} reads no variable `{clip(name, 48)}`",
        Label(span, "would be ignored without a word"),
        context.version_label("the version asked for"),
        tuple(figures),
        (rename if near else Fix("delete the line", (Edit(span, ""),)),),
        context.spec.name,
        about="variable",
    )


def _nearest_figure(context: Context, name: str, word: str) -> Figure:
    found = context.newest.find(name)
    if found is None:
        return Figure("nearest", None, f"{word}: {name}")
    kind = "a switch" if found and found[0].boolean else ""
    if found and not kind:
        kind = "one of its values" if found[0].choices else KINDS[found[0].type]
    versions = having(context, name)
    return Figure("nearest", None, f"{word}: {name} ({kind}, in tables {span_of(versions)})")


def _long_names(table: OptionTable) -> tuple[str, ...]:
    return tuple(flag[2:] for flag in table.flags() if flag.startswith("--"))


def _otherwise(table: OptionTable, name: str) -> tuple[str, ...]:
    """What another runtime says with `name`, as it is called here: `max-model-len`, `ctx-size`."""
    from servec.dsl.checks.other_names import synonyms

    return tuple(word for word in synonyms(name) if word in table.rows)[:1]


def _by_short_flag(table: OptionTable, name: str) -> tuple[str, ...]:
    """The option that has `name` as a short flag: `tp` is `-tp`."""
    found = table.flag("-" + name.lstrip("-"))
    return (found[0].name,) if found else ()


MANY = 6
"""Options that begin alike: of more, a begun name tells nothing."""


def _begun(names: tuple[str, ...], name: str) -> tuple[str, ...]:
    """The options that `name` is the first word of, the shortest first: `pp` is `pp-size`."""
    start = name.strip("-").replace("_", "-") + "-"
    found = [known for known in names if known.startswith(start)]
    return tuple(sorted(found, key=len)) if len(found) <= MANY else ()
