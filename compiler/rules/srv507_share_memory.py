"""A deployment needs more memory than its share of a device.

Checks: what a deployment with a `share` needs on each device against that share of its memory.
Because: runtimes set aside their memory when they start. Tenants of one device that need more than
    their shares together do not all start, unless they run at different times. The plan is made for
    a whole device then.
Wrong: fleet "west" {
      pool "big" { hardware = h100 x 8; nodes = 1 }
      place base { pool = big; replicas = 2; share = 10% }
    }
Right: fleet "west" {
      pool "big" { hardware = h100 x 8; nodes = 1 }
      place base { pool = big; replicas = 2; share = 50% }
    }
Source: language reference, fleet; vllm 0.33.0 vllm/v1/worker/utils.py request_memory
"""

from __future__ import annotations

from fractions import Fraction

from servec.dsl.diagnostic import Diagnostic, Edit, Figure, Fix, Label

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.target import Case
    from servec.dsl.document import Place
    from servec.dsl.spec import Bound

GIB = 2**30
STEP = 5
"""Shares are proposed in steps of so many percent."""


def diagnose(place: Place, bound: Bound, cases: tuple[Case, ...]) -> Diagnostic | None:
    """The warning on a place whose share is too small; None where a memory is not known."""
    case = max(cases, key=_needed)
    memory = case.memory
    if memory is None or not memory.device:
        return None
    part, needed = Fraction(str(bound.value)), _needed(case)
    held = float(part) * memory.device
    enough = -(-needed * 100 // memory.device)
    percent = min(100, -(-enough * 10 // (9 * STEP)) * STEP)
    edits = (Edit(bound.value_span, f"{percent}%"),)
    return Diagnostic(
        "SRV507",
        "warning",
        f"{place.deployment} needs {needed / GIB:.1f} GiB of a device, its share is"
        f" {held / GIB:.1f} GiB"[:100],
        Label(bound.value_span, f"{held / GIB:.1f} of {memory.device / GIB:.1f} GiB"),
        (Label(place.name_span, f"planned for a whole {case.hardware.split(' x ')[0]}"[:60]),),
        (
            Figure(
                "needed", needed, f"weights, one sequence, working memory: {needed / GIB:.1f} GiB"
            ),
            Figure("share", Fraction(int(held)), f"{bound.text} of it: {held / GIB:.1f} GiB"),
        ),
        (Fix(f"give it {percent}%, or let its tenants run at different times", edits),),
    )


def _needed(case: Case) -> int:
    """Bytes on the fullest device without which it does not start."""
    memory = case.memory
    if memory is None:
        return 0
    return memory.weights + memory.activation + memory.overhead + memory.needed_kv
