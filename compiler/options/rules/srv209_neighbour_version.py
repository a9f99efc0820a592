"""The table of a neighbouring version is used.

Checks: an exact version that has no table, but has one in its minor release, or is newer than the
    newest table.
Because: options differ little within a minor release. What changed between the two is not seen.
Wrong: on vllm { version = "0.33.1" }
Right: on vllm { version = "0.33.0" }
Source: the language reference, `on`: which table applies to a stated version
"""

from __future__ import annotations

from servec.dsl.diagnostic import Diagnostic, Edit, Figure, Fix, Label

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.dsl.spec import Bound


def neighbour_version(runtime: str, stated: Bound, taken: str) -> Diagnostic:
    """An exact version that is judged by the table of another."""
    text = str(stated.value)
    return Diagnostic(
        "SRV209",
        "note",
        f"{runtime} {text} has no option table; that of {taken} is used",
        Label(stated.value_span, f"judged by the table of {taken}"),
        (),
        (Figure("table", taken, f"table used: {runtime} {taken}"),),
        (Fix(f"state {taken}", (Edit(stated.value_span, f'"{taken}"'),)),),
    )
