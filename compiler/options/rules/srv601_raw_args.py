"""`raw_args` is used.

Checks: whether an `on` block holds `raw_args`.
Because: they are appended as they stand: no other runtime gets them, and nothing keeps them right
    when the runtime is upgraded. In strict mode this is an error.
Wrong: on vllm { version = "0.33.0"; raw_args = ["--enable-log-deltas"] }
Right: on vllm { version = "0.33.0"; enable-log-deltas = true }
Source: the language reference, `on`: the escape hatch
"""

from __future__ import annotations

from servec.dsl.diagnostic import Diagnostic, Figure, Label

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.options.context import Context
    from servec.dsl.spec import Bound


def raw_args_used(context: Context, raw: Bound, words: tuple[str, ...]) -> Diagnostic:
    """The warning that always comes with `raw_args`."""
    count = f"{len(words)} word{'' if len(words) == 1 else 's'}"
    return Diagnostic(
        "SRV601",
        "warning",
        f"`raw_args` hands {count} to {context.runtime} as they stand",
        Label(raw.span, "appended untouched"),
        (),
        (Figure("words", len(words), "an option of the table can be said in the block itself"),),
        (),
        context.spec.name,
    )
