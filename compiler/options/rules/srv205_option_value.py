"""The option does not take this value.

Checks: the value of an option, and of each field of a JSON option, by the type, the choices, the
    bounds and the value sets of the stated version, or of each version of a range.
Because: the parser or the start of the engine refuses it. Some values are looked up only when the
    engine starts (parsers, back ends, KV dtypes), minutes later and on the GPU.
Wrong: on vllm { version = "0.33.0"; performance-mode = fast }
Right: on vllm { version = "0.33.0"; performance-mode = throughput }
Source: the option tables of the targets, extracted from each installed runtime
"""

from __future__ import annotations

from servec.compiler.options.context import clip, listed, span_of
from servec.dsl.diagnostic import Diagnostic, Edit, Figure, Fix, Label
from servec.dsl.wording import in_quotes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.options.context import Context
    from servec.compiler.options.values import Trouble
    from servec.dsl.diagnostic import Span


def option_value(
    context: Context,
    name: str,
    text: str,
    found: Trouble,
    span: Span,
    where: str,
    quoted: bool = False,
    taken: tuple[str, ...] = (),
) -> Diagnostic:
    """A value that is refused. `where`: runtime and version that refuse it; `span`: the value.

    `quoted`: the value is written as a string, so a fix is one too. `taken`: versions that take it.
    """
    path = ".".join((name, *found.path))
    figures = [Figure("reason", None, found.text)] if len(found.text) > 60 else []
    if found.valid:
        figures.append(Figure("valid", None, f"valid: {listed(found.valid, 16)}"))
    if taken:
        figures.append(Figure("taken", None, f"versions that take it: {span_of(taken)}"))
    open_ = context.between(taken)
    if open_:
        figures.append(Figure("between", None, open_))
    fixes: tuple[Fix, ...] = ()
    if found.near and not found.path:
        spelt = in_quotes(found.near) if quoted else found.near
        fixes = (Fix(f"write `{clip(found.near, 80)}`", (Edit(span, spelt),)),)
    return Diagnostic(
        "SRV205",
        "error",
        f"{where} does not take `{clip(path, 36)} = {clip(text, 24)}`",
        Label(span, clip(found.text, 60)),
        context.version_label("the version asked for"),
        tuple(figures),
        fixes,
        context.spec.name,
    )
