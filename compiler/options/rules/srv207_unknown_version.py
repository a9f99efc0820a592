"""No option table applies to this version.

Checks: `version` is an exact version with a table, or near enough to one; a build; `main`; or a
    range that holds at least one table.
Because: without a table nothing about the options can be judged, and a command for another minor
    release may not start.
Wrong: on vllm { version = "0.19.0" }
Right: on vllm { version = "0.33.0" }
Source: the language reference, `on`: which table applies to a stated version
"""

from __future__ import annotations

from servec.compiler.options.context import listed
from servec.compiler.options.versions import is_exact, order
from servec.dsl.diagnostic import Diagnostic, Edit, Figure, Fix, Label

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.dsl.spec import Bound


def unknown_version(runtime: str, stated: Bound, known: tuple[str, ...]) -> Diagnostic:
    """A version that no table of `known` (oldest first) applies to."""
    text = str(stated.value)
    fixes: tuple[Fix, ...] = ()
    if known:
        wanted = _closest(text, known)
        fixes = (Fix(f"use the table of {wanted}", (Edit(stated.value_span, f'"{wanted}"'),)),)
    return Diagnostic(
        "SRV207",
        "error",
        f"no option table of {runtime} applies to version `{text[:40]}`",
        Label(stated.value_span, "no table, and none near it"),
        (),
        (Figure("tables", None, f"tables of {runtime}: {listed(known)}"),),
        fixes,
    )


def _closest(text: str, known: tuple[str, ...]) -> str:
    """The oldest table above an exact version, else the newest."""
    if text.isdigit() and f"b{text}" in known:
        return f"b{text}"
    if is_exact(text) and text != "main":
        above = [v for v in known if order(v) > order(text)]
        return above[0] if above else known[-1]
    return known[-1]
