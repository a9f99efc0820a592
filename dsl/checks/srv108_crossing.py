"""Bounds that cross.

Checks: what is said of one path, after merging, leaves a value.
Because: no plan satisfies both lines, and which one is wrong only their authors know.
Wrong: replicas >= 4; replicas <= 2
Right: replicas >= 2; replicas <= 4
Source: language reference, "Resolution order"
"""

from __future__ import annotations

from fractions import Fraction

from servec.dsl.diagnostic import Diagnostic, Figure, Label
from servec.dsl.wording import clipped, code

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.dsl.spec import Bound


def bounds_cross(path: str, said: dict[str, Bound], file: str) -> Diagnostic:
    """`said` holds the relations of `path` by their sign; no value satisfies them all.

    The line to change is the one in `file`, the deployment's own, else the later one.
    """
    low = said.get(">=") or said["="]
    high = said.get("<=") or said["="]
    first, last = sorted((low, high), key=lambda bound: (bound.span.file == file, bound.span.start))
    figures = tuple(
        Figure(name, bound.value, f"{path} {bound.op} {clipped(bound.text)}")
        for name, bound in (("lower", low), ("upper", high))
        if isinstance(bound.value, (int, Fraction))
    )
    return Diagnostic(
        "SRV108",
        "error",
        f"no value of {code(path)} satisfies both lines",
        Label(last.span, clipped(f"{last.op} {last.text}", 60)),
        (Label(first.span, clipped(f"{first.op} {first.text}", 60)),),
        figures,
    )
