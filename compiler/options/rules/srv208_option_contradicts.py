"""Two options exclude each other, or an option contradicts a portable field.

Checks: each option of an `on` block against the fields that mean the same, and against the options
    it cannot stand beside, or needs.
Because: the runtime takes one of the two, or refuses both at start. The plan would speak of a
    launch that does not run.
Wrong: limits { context = 32Ki tokens }
    on vllm { version = "0.33.0"; max-model-len = 8192 }
Right: limits { context = 8192 tokens }
    on vllm { version = "0.33.0" }
Source: the table of portable fields of the target; its table of options that exclude each other
"""

from __future__ import annotations

from servec.compiler.options.context import clip
from servec.dsl.diagnostic import Diagnostic, Edit, Figure, Fix, Label, Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.options.context import Context
    from servec.dsl.spec import NativeOption


def option_contradicts(context: Context, native: NativeOption, path: str) -> Diagnostic:
    """An option that says something else than the line of the spec at `path`."""
    setting = context.spec.setting(path)
    assert setting is not None
    said = setting.first
    text = clip(native.text or "…", 24)
    return Diagnostic(
        "SRV208",
        "error",
        f"`{clip(native.name, 36)} = {text}` contradicts `{path} {said.op} {clip(said.text, 20)}`",
        Label(native.span, f"says another `{clip(path, 40)}`"),
        (Label(said.span, "what the spec says of it"),),
        (Figure("field", None, f"{context.runtime} would run with the option's value"),),
        (Fix("delete the option", (Edit(native.span, ""),)),),
        context.spec.name,
    )


def options_exclude(
    context: Context, native: NativeOption, other: NativeOption, why: str, source: str
) -> Diagnostic:
    """Two options that do not go together."""
    return Diagnostic(
        "SRV208",
        "error",
        f"`{clip(native.name, 34)}` and `{clip(other.name, 34)}` exclude each other",
        Label(native.span, "cannot stand beside the other"),
        (Label(other.span, "the other one"),),
        (Figure("why", None, why), Figure("source", None, f"source: {source}")),
        (Fix("delete one of the two", (Edit(native.span, ""),)),),
        context.spec.name,
    )


def option_needs(
    context: Context, native: NativeOption, other: str, why: str, source: str
) -> Diagnostic:
    """An option that the runtime refuses without another; a switch is set beside it."""
    fixes: tuple[Fix, ...] = (Fix("delete the option", (Edit(native.span, ""),)),)
    found = context.newest.option(other)
    if found is not None and found.boolean:
        after = Span(native.span.file, native.span.end, native.span.end)
        fixes = (Fix(f"set `{other}` beside it", (Edit(after, f"; {other} = true"),)), *fixes)
    return Diagnostic(
        "SRV208",
        "error",
        f"`{clip(native.name, 38)}` needs `{clip(other, 38)}`",
        Label(native.span, "refused at start without it"),
        (),
        (Figure("why", None, why), Figure("source", None, f"source: {source}")),
        fixes,
        context.spec.name,
    )
