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
from servec.dsl.wording import code

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


def no_spec(path: str, tokens: Tokens, at: int) -> Diagnostic:
    """The file begins with nothing that a spec has: a script, a manifest, a list of settings."""
    name = path.rpartition("/")[2]
    way = Fix("a spec is `servec 1` and blocks in braces: `servec init` writes one")
    if "." in name and not name.endswith(".srv"):
        script = code(f"servec import --script {name} --check", 80)
        way = Fix(f"this is no spec; a launch is judged as it stands: {script}")
    label = Label(Span(path, tokens.starts[at], tokens.ends[at]), "begins no spec")
    title = "the first statement of a spec is `servec 1`"
    return Diagnostic("SRV001", "error", title, label, fixes=(way,))


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
