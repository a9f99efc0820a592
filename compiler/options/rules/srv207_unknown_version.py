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

import re

from servec.compiler.options.context import listed
from servec.compiler.options.versions import is_exact, order
from servec.dsl.diagnostic import Diagnostic, Edit, Figure, Fix, Label

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.dsl.spec import Bound

VERSION = r"b\d+|\d+(?:\.\d+)+(?:\.?(?:post|rc)\d+)?"


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
    """The oldest table that is no older than the first version in a text, else the newest."""
    if text.isdigit() and f"b{text}" in known:
        return f"b{text}"
    first = text if is_exact(text) else next(iter(re.findall(VERSION, text[:100])), "main")
    if first != "main" and is_exact(first):
        return next((v for v in known if order(v) >= order(first)), known[-1])
    return known[-1]
