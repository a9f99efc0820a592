"""Pragma missing or malformed.

Checks: the first statement is `servec` and the whole number of the language version.
Because: without it a later servec could not know which language the file is written in.
Wrong:
    servec one

    profile "base" { model = llama-3.3-70b }
Right:
    servec 1

    profile "base" { model = llama-3.3-70b }
Source: language reference, "Statements" and "Versioning"
"""

from __future__ import annotations

from servec.dsl.diagnostic import Diagnostic, Edit, Fix, Label, Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.dsl.scan import Tokens


def pragma_missing(path: str, tokens: Tokens, at: int) -> Diagnostic:
    """The file begins with another statement."""
    start = tokens.starts[at]
    edit = Edit(Span(path, start, start), "servec 1\n\n")
    return Diagnostic(
        "SRV001",
        "error",
        "the first statement of a spec is `servec 1`",
        Label(Span(path, start, tokens.ends[at]), "the pragma stands before this"),
        fixes=(Fix("begin with the language version", (edit,)),),
    )


def pragma_malformed(path: str, tokens: Tokens, at: int, end: int) -> Diagnostic:
    """The first statement is meant as the pragma and is not `servec` with a whole number."""
    span = Span(path, tokens.starts[at], tokens.ends[end - 1])
    return Diagnostic(
        "SRV001",
        "error",
        "the pragma is `servec` and a whole number",
        Label(span, "this servec reads language 1"),
        fixes=(Fix("write `servec 1`", (Edit(span, "servec 1"),)),),
    )
