"""A version that is stated has no table: that of a neighbour is used.

Checks: an exact version that has no table, but has one in its minor release, or is newer than the
    newest table; a range that admits releases before the oldest table.
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


def lower_range(runtime: str, stated: Bound, oldest: str) -> Diagnostic:
    """A range that admits releases before the `oldest` table, by which none of them is judged."""
    text = str(stated.value)
    return Diagnostic(
        "SRV209",
        "note",
        f"`{text[:40]}` admits releases of {runtime} that have no table",
        Label(stated.value_span, f"also admits what is older than {oldest}"),
        (),
        (Figure("table", oldest, f"judged from {oldest} on, the oldest table"),),
        (
            Fix(
                f"let it begin there: `>={oldest}`",
                (Edit(stated.value_span, f'">={oldest}{_rest(text)}"'),),
            ),
        ),
    )


def _rest(text: str) -> str:
    """What a range says beside where it begins."""
    parts = (part.strip() for part in text.split(","))
    return "".join(f",{part}" for part in parts if not part.startswith(">"))
