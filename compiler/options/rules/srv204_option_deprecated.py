"""The option is deprecated in this version.

Checks: an option of an `on` block that the stated version marks as deprecated.
Because: it still starts, and the next release may refuse it.
Wrong: on sglang { version = "0.5.23"; disable-cuda-graph = true }
Right: on sglang { version = "0.5.23"; cuda-graph-backend-decode = disabled }
Source: the option tables of the targets: the runtime's parser marks it, or warns when it is used
"""

from __future__ import annotations

from servec.compiler.options.context import clip
from servec.dsl.diagnostic import Diagnostic, Edit, Figure, Fix, Label

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.options.context import Context
    from servec.compiler.options.table import Option
    from servec.dsl.diagnostic import Span


def option_deprecated(context: Context, option: Option, span: Span, name_span: Span) -> Diagnostic:
    """An option that the newest table in play marks as deprecated."""
    use = option.use
    successor = (
        f"the runtime says: use {', '.join(use)}" if use else "the runtime names no successor"
    )
    direct = [word for word in use if context.newest.find(word)]
    same = direct and _alike(context, option, direct[0])
    fixes = (Fix(f"write `{direct[0]}`", (Edit(name_span, direct[0]),)),) if same else ()
    return Diagnostic(
        "SRV204",
        "warning",
        f"`{clip(option.name)}` is deprecated in {context.where}",
        Label(span, "will go in a later version"),
        context.version_label("the version asked for"),
        (Figure("successor", None, successor),),
        fixes,
        context.spec.name,
    )


def _alike(context: Context, option: Option, name: str) -> bool:
    """Whether the same value can stand behind the other name."""
    other = context.newest.option(name)
    return other is not None and (other.type, other.choices) == (option.type, option.choices)
