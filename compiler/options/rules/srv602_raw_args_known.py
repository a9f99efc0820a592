"""`raw_args` hides an option that the block can say.

Checks: every flag in `raw_args` that the option table of the stated version has.
Because: said in the block, the option is checked, merged and reviewed; in `raw_args` it is not.
Wrong: on vllm { version = "0.33.0"; raw_args = ["--enable-log-deltas"] }
Right: on vllm { version = "0.33.0"; enable-log-deltas = true }
Source: the option tables of the targets
"""

from __future__ import annotations

from servec.compiler.options.context import clip
from servec.dsl.diagnostic import Diagnostic, Edit, Figure, Fix, Label

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.options.context import Context
    from servec.dsl.spec import Bound


def raw_args_known(
    context: Context, flag: str, statement: str, paths: tuple[str, ...], raw: Bound, rest: str
) -> Diagnostic:
    """A flag of `raw_args` that has a name.

    `statement`: how the block says it; `rest`: the list without it; `paths`: portable fields.
    """
    text = statement if rest == "[]" else f"{statement}; raw_args = {rest}"
    better = (
        f"`{paths[0]}` says it for every runtime" if paths else f"the block can say `{statement}`"
    )
    return Diagnostic(
        "SRV602",
        "warning",
        f"`raw_args` hides `{clip(flag, 48)}`, which {context.where} has as an option",
        Label(raw.value_span, "hidden from every check"),
        context.version_label("the table that was searched"),
        (Figure("better", None, better),),
        (Fix(f"say `{clip(statement, 60)}` in the block", (Edit(raw.span, text),)),),
        context.spec.name,
    )
