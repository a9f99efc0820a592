"""`raw_args` overrides what the compiler emits.

Checks: every flag in `raw_args` that servec itself writes for this spec.
Because: the last value wins in the runtime, so the plan, the memory sum and the prediction would
    speak of another launch than the one that runs.
Wrong: on vllm { version = "0.33.0"; raw_args = ["--max-model-len", "8192"] }
Right: limits { context = 8192 tokens }
Source: the table of portable fields of the target
"""

from __future__ import annotations

from servec.compiler.options.context import clip
from servec.dsl.diagnostic import Diagnostic, Figure, Fix, Label

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.options.context import Context
    from servec.dsl.diagnostic import Span


def raw_args_override(
    context: Context, flag: str, paths: tuple[str, ...], span: Span
) -> Diagnostic:
    """A flag of `raw_args` that servec writes; `paths` are the portable fields that say it."""
    said = next((p for p in paths if context.spec.setting(p)), "")
    setting = context.spec.setting(said) if said else None
    secondary = (Label(setting.first.span, "what the spec says of it"),) if setting else ()
    return Diagnostic(
        "SRV603",
        "error",
        f"`raw_args` overrides `{clip(flag, 48)}`, which servec writes itself",
        Label(span, "the runtime would take this value"),
        secondary,
        (Figure("field", None, f"portable field: {', '.join(paths)}"),),
        (Fix(f"say it as `{said or paths[0]}`"),),
        context.spec.name,
    )
