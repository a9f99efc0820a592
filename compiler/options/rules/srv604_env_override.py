"""`env` overrides a variable that the compiler sets.

Checks: the variables of `env` in the deployment and in its `on` blocks against those that servec
    writes into the launch for a portable field, or keeps for itself.
Because: two values for one variable: the plan speaks of one, and the process gets the other.
Wrong: env { SERVEC_PORT = "9000" }
Right: api { port = 9000 }
Source: the table of portable fields of the target; addresses that the launch files hold
"""

from __future__ import annotations

from servec.compiler.options.context import clip
from servec.dsl.diagnostic import Diagnostic, Edit, Figure, Fix, Label

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.dsl.diagnostic import Span
    from servec.dsl.spec import Bound, Spec


def env_override(spec: Spec, name: str, bound: Bound, paths: tuple[str, ...]) -> Diagnostic:
    """A variable that servec sets; `paths` are the portable fields that say it, or none."""
    said = next((p for p in paths if spec.setting(p)), "")
    setting = spec.setting(said) if said else None
    secondary = (Label(setting.first.span, "set from this"),) if setting else ()
    text = (
        f"portable field: {', '.join(paths)}" if paths else "names that begin with SERVEC_ are kept"
    )
    span: Span = bound.span
    return Diagnostic(
        "SRV604",
        "error",
        f"`env` sets `{clip(name, 48)}`, which servec sets itself",
        Label(span, "two values for one variable"),
        secondary,
        (Figure("field", None, text),),
        (Fix("delete the line", (Edit(span, ""),)),),
        spec.name,
    )
