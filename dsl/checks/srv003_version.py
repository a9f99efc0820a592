"""Language newer than this servec.

Checks: the pragma names language 1.
Because: a newer language may have removed or renamed what this servec would read, so reading on
    could deploy something else. No form was renamed between languages so far.
Wrong:
    servec 2

    profile "base" { model = llama-3.3-70b }
Right:
    servec 1

    profile "base" { model = llama-3.3-70b }
Source: language reference, "Versioning"
"""

from __future__ import annotations

from servec.dsl.diagnostic import Diagnostic, Figure, Fix, Label, Span
from servec.dsl.wording import code

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.dsl.scan import Tokens


def language_newer(path: str, tokens: Tokens, at: int) -> Diagnostic:
    """The pragma names a language that does not exist yet."""
    span = Span(path, tokens.starts[at], tokens.ends[at + 1])
    written = f"servec {tokens.word(at + 1)}"
    return Diagnostic(
        "SRV003",
        "error",
        f"{code(written)} is newer than this servec",
        Label(span, "the newest language it reads is 1"),
        figures=(Figure("newest", 1, "this servec reads language 1"),),
        fixes=(Fix("install a servec that reads this language"),),
    )
