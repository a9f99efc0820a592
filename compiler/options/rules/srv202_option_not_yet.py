"""The option exists only in another version of the runtime.

Checks: an option of an `on` block that the stated version lacks, and a newer one has; of a range,
    an option that some of its versions lack.
Because: the launch of the older version ends with an unknown argument. A range is a promise that
    the command starts on each version in it.
Wrong: on vllm { version = "0.22.1"; watermark = 0.1 }
Right: on vllm { version = "0.33.0"; watermark = 0.1 }
Source: the option tables of the targets, extracted from each installed runtime
"""

from __future__ import annotations

from servec.compiler.options.context import clip, having, listed, span_of
from servec.compiler.options.versions import order
from servec.dsl.diagnostic import Diagnostic, Edit, Figure, Fix, Label

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.options.context import Context
    from servec.dsl.diagnostic import Span


def option_not_yet(context: Context, name: str, span: Span) -> Diagnostic:
    """An option that a newer table has, or that a part of the stated range lacks."""
    have = having(context, name)
    lack = tuple(t.version for t in context.tables if t.version not in have)
    partly = len(lack) < len(context.tables)
    figures = [Figure("versions", None, f"tables that have it: {span_of(have)}")]
    if partly:
        figures.append(Figure("lacking", None, f"of the range, without it: {listed(lack)}"))
    open_ = context.between(have)
    if open_:
        figures.append(Figure("between", None, open_))
    fixes: tuple[Fix, ...] = ()
    if have and context.on.version:
        text = f'">={have[0]}"' if partly else f'"{_next(context, have)}"'
        edit = Edit(context.on.version.value_span, text)
        fixes = (Fix(f"ask for a version that has it, {text}", (edit,)),)
    where = f"{context.runtime} {lack[0]}" if partly and lack else context.where
    return Diagnostic(
        "SRV202",
        "error",
        f"{where} does not have `{clip(name)}`, {context.runtime} {have[-1]} does",
        Label(span, "only in another version"),
        context.version_label("the version asked for"),
        tuple(figures),
        fixes,
        context.spec.name,
    )


def _next(context: Context, have: tuple[str, ...]) -> str:
    """The nearest version above the stated one that has the option, else the newest."""
    now = order(context.newest.version)
    return next((version for version in have if order(version) > now), have[-1])
