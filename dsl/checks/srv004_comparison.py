"""Comparison that the language does not have.

Checks: a relation is one of `=`, `<=` and `>=`.
Because: every bound is inclusive, so that a spec never depends on how finely a figure is known;
    `==` and `!=` belong to languages with conditions.
Wrong: slo { ttft.p95 < 400ms }
Right: slo { ttft.p95 <= 400ms }
Source: language reference, "Statements"
"""

from __future__ import annotations

from servec.dsl.diagnostic import Diagnostic, Edit, Fix, Label
from servec.dsl.recover import COMPARED
from servec.dsl.wording import code, codes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.dsl.unexpected import Unexpected


def comparison(here: Unexpected) -> Diagnostic:
    """`<`, `>`, `==` or `!=` where a relation was due."""
    written = here.word()
    able = [op for op in ("=", "<=", ">=") if op in here.row]
    meant = COMPARED[written] if COMPARED[written] in able else "="
    text = f"{codes(able)} may stand here"
    if written in "<>":
        text = "every bound is inclusive"
    fix = Fix(f"write {code(meant)}", (Edit(here.span(), meant),))
    return Diagnostic(
        "SRV004",
        "error",
        f"{code(written)} is no relation of this language",
        Label(here.span(), text),
        fixes=() if written == "!=" else (fix,),
    )
