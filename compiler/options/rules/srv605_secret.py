"""A value looks like a secret.

Checks: variables, native options, `raw_args` and every string of a spec for values that have the
    shape of a key or a token, or stand under a name that says so.
Because: a spec is reviewed, committed and copied into every artifact. A secret is only named: the
    launch passes the variable through from outside.
Wrong: env { HF_TOKEN = "hf_abcdefghijklmnopqrstuvwxyz012345" }
Right: env { HF_HUB_OFFLINE = "1" }
Source: the published prefixes of tokens (Hugging Face hf_, OpenAI sk-, GitHub ghp_, AWS AKIA, …)
"""

from __future__ import annotations

from servec.dsl.diagnostic import Diagnostic, Edit, Figure, Fix, Label

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.dsl.diagnostic import Span


def secret(name: str, why: str, span: Span, deployment: str, removable: bool) -> Diagnostic:
    """A value that must not stand in a spec. `removable`: its whole line may go."""
    return Diagnostic(
        "SRV605",
        "error",
        f"`{name[:60]}` holds what looks like a secret",
        Label(span, why[:60]),
        (),
        (
            Figure("instead", None, "name a variable with `api.key_env`, or set it where it runs"),
            Figure("spent", None, "a key that was committed has to be replaced"),
        ),
        (Fix("delete the line", (Edit(span, ""),) if removable else ()),),
        deployment,
    )
