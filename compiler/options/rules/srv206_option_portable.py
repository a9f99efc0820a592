"""The option repeats a portable field.

Checks: an option of an `on` block that a field of the language says for every runtime.
Because: said as a field it holds on whatever runtime is chosen, and is planned with its unit and
    bounds. The plan takes the option's value.
Wrong: on vllm { version = "0.33.0"; max-model-len = 8192 }
Right: limits { context = 8192 tokens }
Source: the table of portable fields of the target
"""

from __future__ import annotations

from servec.compiler.options.context import clip
from servec.dsl.diagnostic import Diagnostic, Edit, Figure, Fix, Label

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.options.context import Context
    from servec.compiler.options.meaning import Meaning
    from servec.dsl.spec import NativeOption


def option_portable(context: Context, native: NativeOption, meaning: Meaning) -> Diagnostic:
    """A native option that says what a portable field can say."""
    setting = context.spec.setting(meaning.path)
    secondary = (Label(setting.first.span, "the spec says it here"),) if setting else ()
    if setting:
        same = "both say the same; " if meaning.value is not None else ""
        figure = f"{same}the plan takes the option's value"
        fix = Fix("delete the option", (Edit(native.span, ""),))
    else:
        figure = "the plan takes the option's value"
        fix = _moved(context, native, meaning)
    return Diagnostic(
        "SRV206",
        "warning",
        f"`{clip(native.name)}` repeats the portable field `{meaning.path}`",
        Label(native.span, f"say it as `{clip(meaning.path, 44)}`"),
        secondary,
        (Figure("field", None, figure),),
        (fix,),
        context.spec.name,
    )


def _moved(context: Context, native: NativeOption, meaning: Meaning) -> Fix:
    """The field in place of the option, where the value can be written without doubt."""
    from servec.compiler.options.portable_text import portable_text
    from servec.compiler.rules.labels import inside, write

    text = portable_text(meaning.path, meaning.value) if not meaning.factors else ""
    if not text or not inside(context.spec, native.span):
        return Fix(f"say `{meaning.path}` instead")
    edits = (Edit(native.span, ""), *write(context.spec, {meaning.path: text}))
    ordered = tuple(sorted(edits, key=lambda edit: (edit.span.file, edit.span.start)))
    return Fix(f"say `{meaning.path} = {text}`", ordered)
